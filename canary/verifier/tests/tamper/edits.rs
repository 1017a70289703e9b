//! Every single change that can be made to a JSON document without knowing what it means.

use serde_json::{Map, Value, json};

/// A change, where it is made, and what becomes of the document.
pub(crate) struct Edit {
    /// JSON pointer to what is changed.
    pub(crate) at: String,
    /// What is done to it.
    pub(crate) what: What,
    /// The changed document.
    pub(crate) document: Value,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum What {
    /// A truth turned over.
    Flip,
    /// A number made one greater.
    Bump,
    /// A number made as great as can be.
    Huge,
    /// A number made nothing.
    Zero,
    /// A text with another end.
    Garble,
    /// A word put in the place of another of its kind.
    Word(&'static str),
    /// A value of another type.
    Retype,
    /// A field or an element taken out.
    Remove,
    /// An element put in twice.
    Duplicate,
    /// The first two elements changed about.
    Swap,
    /// All elements taken out.
    Clear,
    /// A field that nobody knows.
    Add,
    /// A field under another name.
    Rename,
}

/// Words of one kind: each is tried in the place of the others.
const KINDS: [&[&str]; 9] = [
    &["readiness", "live"],
    &["evidence", "rehearsal"],
    &["artifact", "source"],
    &["ready", "blocked"],
    &["set_redacted", "missing"],
    &["not_run", "matched", "mismatched"],
    &["completed", "aborted"],
    &["passed", "failed", "inconclusive", "skipped"],
    &[
        "answered",
        "rate_limited",
        "out_of_credits",
        "unavailable",
        "unreachable",
    ],
];

/// Every edit of a document.
pub(crate) fn all(document: &Value) -> Vec<Edit> {
    let mut edits = Vec::new();
    visit(document, document, "", &mut edits);
    edits
}

fn visit(document: &Value, value: &Value, at: &str, edits: &mut Vec<Edit>) {
    match value {
        Value::Object(fields) => {
            for (key, field) in fields {
                let at = format!("{at}/{key}");
                put(document, &at, What::Remove, edits);
                put(document, &at, What::Rename, edits);
                visit(document, field, &at, edits);
            }
            put(document, at, What::Add, edits);
        }
        Value::Array(elements) => {
            for (index, element) in elements.iter().enumerate() {
                let at = format!("{at}/{index}");
                put(document, &at, What::Remove, edits);
                put(document, &at, What::Duplicate, edits);
                visit(document, element, &at, edits);
            }
            if elements.len() > 1 {
                put(document, at, What::Swap, edits);
                put(document, at, What::Clear, edits);
            }
        }
        Value::String(text) => {
            let kinds = KINDS.iter().filter(|words| words.contains(&text.as_str()));
            for word in kinds
                .flat_map(|words| words.iter())
                .filter(|word| *word != text)
            {
                put(document, at, What::Word(word), edits);
            }
            put(document, at, What::Garble, edits);
        }
        Value::Number(_) => {
            for what in [What::Bump, What::Huge, What::Zero] {
                put(document, at, what, edits);
            }
        }
        Value::Bool(_) => put(document, at, What::Flip, edits),
        Value::Null => {}
    }
    put(document, at, What::Retype, edits);
}

fn put(document: &Value, at: &str, what: What, edits: &mut Vec<Edit>) {
    let mut changed = document.clone();
    change(&mut changed, at, what);
    if changed != *document {
        edits.push(Edit {
            at: at.to_owned(),
            what,
            document: changed,
        });
    }
}

fn change(document: &mut Value, at: &str, what: What) {
    let (parent, name) = at.rsplit_once('/').unwrap_or(("", ""));
    match what {
        What::Remove | What::Rename | What::Duplicate => match document.pointer_mut(parent) {
            Some(Value::Object(fields)) => rename(fields, name, what),
            Some(Value::Array(elements)) => {
                let index: usize = name.parse().unwrap();
                let element = elements.remove(index);
                if what == What::Duplicate {
                    elements.insert(index, element.clone());
                    elements.insert(index, element);
                }
            }
            other => panic!("{at} lies in {other:?}"),
        },
        _ => {
            let value = document.pointer_mut(at).unwrap();
            *value = replaced(value.clone(), what);
        }
    }
}

fn rename(fields: &mut Map<String, Value>, name: &str, what: What) {
    let value = fields.remove(name).unwrap();
    if what == What::Rename {
        fields.insert(format!("{name}X"), value);
    }
}

fn replaced(value: Value, what: What) -> Value {
    match (value, what) {
        (Value::Bool(truth), What::Flip) => json!(!truth),
        (Value::Number(number), What::Bump) => json!(number.as_u64().unwrap().saturating_add(1)),
        (Value::Number(_), What::Huge) => json!(1_u64 << 50),
        (Value::Number(_), What::Zero) => json!(0),
        (Value::String(text), What::Garble) => garbled(&text),
        (Value::String(_), What::Word(word)) => json!(word),
        (Value::Array(mut elements), What::Swap) => {
            elements.swap(0, 1);
            Value::Array(elements)
        }
        (Value::Array(_), What::Clear) => json!([]),
        (Value::Object(mut fields), What::Add) => {
            fields.insert("unknownField".to_owned(), json!(1));
            Value::Object(fields)
        }
        (Value::String(_), What::Retype) => json!(7),
        (_, What::Retype) => json!("7"),
        (value, what) => panic!("{what:?} of {value}"),
    }
}

/// The same text with its last digit or letter changed into another, so that a digest stays a
/// digest and a UUID a UUID.
fn garbled(text: &str) -> Value {
    let mut chars: Vec<char> = text.chars().collect();
    match chars.last_mut() {
        Some(last) if *last == '1' => *last = '2',
        Some(last) if last.is_ascii_digit() => *last = '1',
        Some(last) if *last == 'a' => *last = 'b',
        Some(last) => *last = 'a',
        None => chars.push('a'),
    }
    Value::String(chars.into_iter().collect())
}
