//! Where two transcripts differ.

use serde_json::Value;

/// One line a difference: the probe, the place, what was there and what is there instead.
pub(crate) fn differences(
    before: &[(&'static str, Value)],
    after: &[(&'static str, Value)],
) -> Vec<String> {
    let mut lines = Vec::new();
    for ((name, before), (other, after)) in before.iter().zip(after) {
        assert_eq!(name, other);
        compare(name, before, after, &mut lines);
    }
    lines
}

fn compare(at: &str, before: &Value, after: &Value, lines: &mut Vec<String>) {
    match (before, after) {
        (Value::Object(old), Value::Object(new)) => {
            let mut keys: Vec<&String> = old.keys().chain(new.keys()).collect();
            keys.sort();
            keys.dedup();
            for key in keys {
                let at = format!("{at}/{key}");
                match (old.get(key), new.get(key)) {
                    (Some(old), Some(new)) => compare(&at, old, new, lines),
                    (Some(old), None) => lines.push(format!("{at}: {} is gone", clip(old))),
                    (None, Some(new)) => lines.push(format!("{at}: {} is new", clip(new))),
                    (None, None) => {}
                }
            }
        }
        (Value::Array(old), Value::Array(new)) if old.len() == new.len() => {
            for (index, (old, new)) in old.iter().zip(new).enumerate() {
                compare(&format!("{at}/{index}"), old, new, lines);
            }
        }
        (Value::Array(old), Value::Array(new)) => {
            let first = old
                .iter()
                .zip(new)
                .position(|(old, new)| old != new)
                .unwrap_or(old.len().min(new.len()));
            lines.push(format!(
                "{at}: {} entries instead of {}, from {first} on",
                new.len(),
                old.len()
            ));
        }
        _ if before == after => {}
        // Which digest comes instead may be chance; that another comes is the fault.
        _ if at.ends_with("/digest") => lines.push(format!("{at}: differs")),
        _ => lines.push(format!("{at}: {} -> {}", clip(before), clip(after))),
    }
}

fn clip(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(70) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
