//! A value that fits a JSON Schema, with what the prompt says where it says something.

use std::cell::Cell;

use serde_json::{Map, Number, Value, json};

use crate::model::text::hints::{Hints, typed};
use crate::model::text::schema_string;

/// References and nested objects deeper than this are cut to what is required.
const DEEPEST: usize = 24;
/// Values beyond this many are null: a schema that refers to itself must not cost more than it is worth.
const MOST_VALUES: usize = 5_000;

/// Fills a schema. The caller checks the result: a schema may ask for what no short search finds.
pub(crate) fn fill(schema: &Value, hints: Hints<'_>) -> Value {
    Filler {
        root: schema,
        hints,
        left: Cell::new(MOST_VALUES),
    }
    .value(schema, "", 0)
}

struct Filler<'a> {
    root: &'a Value,
    hints: Hints<'a>,
    left: Cell<usize>,
}

impl Filler<'_> {
    fn value(&self, schema: &Value, name: &str, depth: usize) -> Value {
        let left = self.left.get();
        if depth > DEEPEST || left == 0 {
            return Value::Null;
        }
        self.left.set(left - 1);
        let Some(object) = schema.as_object() else {
            return Value::String("value".to_owned());
        };
        if let Some(target) = object.get("$ref").and_then(Value::as_str) {
            return self.value(self.resolve(target), name, depth + 1);
        }
        if let Some(value) = object.get("const") {
            return value.clone();
        }
        if let Some(values) = object.get("enum").and_then(Value::as_array) {
            return self.one_of(values, name);
        }
        if let Some(all) = object.get("allOf").and_then(Value::as_array) {
            return self.value(&merged(self, object, all), name, depth + 1);
        }
        for any in ["anyOf", "oneOf"] {
            if let Some(options) = object.get(any).and_then(Value::as_array) {
                return self.option(options, name, depth);
            }
        }
        match kind(object) {
            "object" => self.object(object, depth),
            "array" => self.array(object, name, depth),
            "integer" => self.number(object, name, true),
            "number" => self.number(object, name, false),
            "boolean" => Value::Bool(self.truth(name)),
            "null" => Value::Null,
            _ => Value::String(schema_string::string(object, name, self.hints)),
        }
    }

    fn resolve(&self, target: &str) -> &Value {
        target
            .strip_prefix('#')
            .and_then(|pointer| self.root.pointer(pointer))
            .unwrap_or(&Value::Null)
    }

    fn one_of(&self, values: &[Value], name: &str) -> Value {
        if let Some(stated) = self.hints.value(name)
            && values.contains(&stated)
        {
            return stated;
        }
        let mentioned = self
            .hints
            .mentioned(values.iter().filter_map(Value::as_str));
        mentioned.map_or_else(
            || values.first().cloned().unwrap_or(Value::Null),
            |value| Value::String(value.to_owned()),
        )
    }

    /// The first option that is not null; recursion prefers the options that end it.
    fn option(&self, options: &[Value], name: &str, depth: usize) -> Value {
        let is_null = |option: &&Value| option.get("type").and_then(Value::as_str) == Some("null");
        if depth > 4
            && let Some(end) = options.iter().find(is_null)
        {
            return self.value(end, name, depth + 1);
        }
        options
            .iter()
            .find(|option| !is_null(option))
            .or(options.first())
            .map_or(Value::Null, |option| self.value(option, name, depth + 1))
    }

    fn object(&self, schema: &Map<String, Value>, depth: usize) -> Value {
        let required: Vec<&str> = schema
            .get("required")
            .and_then(Value::as_array)
            .map(|names| names.iter().filter_map(Value::as_str).collect())
            .unwrap_or_default();
        let mut filled = Map::new();
        if let Some(properties) = schema.get("properties").and_then(Value::as_object) {
            for (name, property) in properties {
                let wanted = required.contains(&name.as_str())
                    || self.hints.raw(name).is_some()
                    || (required.is_empty() && depth < 4);
                if wanted {
                    filled.insert(name.clone(), self.value(property, name, depth + 1));
                }
            }
        }
        for name in required {
            if !filled.contains_key(name) {
                let value = match schema.get("additionalProperties") {
                    Some(extra @ Value::Object(_)) => self.value(extra, name, depth + 1),
                    _ => self.hints.value(name).unwrap_or_else(|| json!(name)),
                };
                filled.insert(name.to_owned(), value);
            }
        }
        let least = count(schema, "minProperties").unwrap_or(0);
        for number in 0.. {
            if filled.len() >= least || number > 64 {
                break;
            }
            filled.insert(format!("extra_{number}"), json!("value"));
        }
        Value::Object(filled)
    }

    fn array(&self, schema: &Map<String, Value>, name: &str, depth: usize) -> Value {
        let mut items: Vec<Value> = Vec::new();
        if let Some(prefix) = schema.get("prefixItems").and_then(Value::as_array) {
            items.extend(prefix.iter().map(|item| self.value(item, name, depth + 1)));
        }
        let least = count(schema, "minItems")
            .unwrap_or(usize::from(depth < 6))
            .min(64);
        let most = count(schema, "maxItems").unwrap_or(64);
        let element = match schema.get("items") {
            Some(Value::Bool(false)) => return Value::Array(items),
            Some(element @ Value::Object(_)) => element.clone(),
            _ => json!({"type": "string"}),
        };
        let stated = self.stated_items(&element, name);
        let wanted = least.max(stated.len()).min(most);
        let unique = schema.get("uniqueItems").and_then(Value::as_bool) == Some(true);
        for number in items.len()..wanted {
            let mut item = stated
                .get(number)
                .cloned()
                .unwrap_or_else(|| self.value(&element, name, depth + 1));
            if unique {
                item = distinct(item, &items, &element);
            }
            items.push(item);
        }
        Value::Array(items)
    }

    /// "tags red, green and blue": the words after the name, when they are several.
    fn stated_items(&self, element: &Value, name: &str) -> Vec<Value> {
        let kind = element.get("type").and_then(Value::as_str);
        if element.get("enum").is_some() || !matches!(kind, Some("string" | "integer" | "number")) {
            return Vec::new();
        }
        let text = self.hints.text();
        let lower = text.to_ascii_lowercase();
        let Some(at) = (!name.is_empty())
            .then(|| lower.find(&name.to_ascii_lowercase()))
            .flatten()
        else {
            return Vec::new();
        };
        let Some(tail) = text.get(at + name.len()..) else {
            return Vec::new();
        };
        let tail = tail.trim_start_matches(|character: char| ":='\"` [".contains(character));
        let tail = tail
            .trim_start_matches("are ")
            .trim_start_matches("is ")
            .trim_start_matches("set to ");
        let end = tail.find(['.', '\n', ']', ';']).unwrap_or(tail.len());
        let words: Vec<Value> = tail[..end]
            .replace(" and ", ",")
            .split(',')
            .map(|word| word.trim().trim_matches(['"', '\'', '`', ' ']))
            .take_while(|word| !word.is_empty() && word.split_whitespace().count() <= 2)
            .map(|word| {
                if kind == Some("string") {
                    json!(word)
                } else {
                    typed(word)
                }
            })
            .filter(|word| kind == Some("string") || word.is_number())
            .collect();
        if words.len() > 1 { words } else { Vec::new() }
    }

    fn number(&self, schema: &Map<String, Value>, name: &str, whole: bool) -> Value {
        let bound = |key: &str| schema.get(key).and_then(Value::as_f64);
        let step = bound("multipleOf").filter(|step| *step > 0.0);
        let nudge = step.unwrap_or(if whole { 1.0 } else { 0.5 });
        let low = bound("minimum").or(bound("exclusiveMinimum").map(|low| low + nudge));
        let high = bound("maximum").or(bound("exclusiveMaximum").map(|high| high - nudge));
        let stated = self
            .hints
            .value(name)
            .and_then(|value| value.as_f64())
            .or_else(|| self.hints.numbers().first().copied());
        let mut number = stated.unwrap_or(low.unwrap_or(1.0).max(1.0));
        number = number
            .max(low.unwrap_or(f64::MIN))
            .min(high.unwrap_or(f64::MAX));
        if let Some(step) = step {
            number = (number / step).ceil() * step;
        }
        if whole {
            number = number.round();
        }
        #[expect(
            clippy::cast_possible_truncation,
            reason = "checked to be whole and in range"
        )]
        if number.fract() == 0.0 && number.abs() < 9e15 {
            return json!(number as i64);
        }
        Number::from_f64(number).map_or(Value::Null, Value::Number)
    }

    fn truth(&self, name: &str) -> bool {
        match self.hints.value(name) {
            Some(Value::Bool(value)) => value,
            Some(Value::String(word)) => !matches!(
                word.to_ascii_lowercase().as_str(),
                "no" | "off" | "disabled"
            ),
            _ => true,
        }
    }
}

fn kind(schema: &Map<String, Value>) -> &str {
    match schema.get("type") {
        Some(Value::String(kind)) => kind,
        Some(Value::Array(kinds)) => kinds
            .iter()
            .filter_map(Value::as_str)
            .find(|kind| *kind != "null")
            .unwrap_or("null"),
        _ if schema.contains_key("properties") || schema.contains_key("required") => "object",
        _ if schema.contains_key("items") || schema.contains_key("prefixItems") => "array",
        _ if schema.contains_key("minimum") || schema.contains_key("maximum") => "number",
        _ => "string",
    }
}

fn count(schema: &Map<String, Value>, key: &str) -> Option<usize> {
    schema
        .get(key)?
        .as_u64()
        .and_then(|count| usize::try_from(count).ok())
}

/// One schema out of `allOf`: properties and required names joined, other keywords from the last that has them.
fn merged(filler: &Filler<'_>, own: &Map<String, Value>, all: &[Value]) -> Value {
    let mut merged = own.clone();
    merged.remove("allOf");
    for part in all {
        let part = match part.get("$ref").and_then(Value::as_str) {
            Some(target) => filler.resolve(target),
            None => part,
        };
        for (key, value) in part.as_object().into_iter().flatten() {
            match (merged.get_mut(key), value) {
                (Some(Value::Object(into)), Value::Object(more)) => {
                    into.extend(
                        more.iter()
                            .map(|(name, value)| (name.clone(), value.clone())),
                    );
                }
                (Some(Value::Array(into)), Value::Array(more)) if key == "required" => {
                    into.extend(more.iter().cloned());
                }
                _ => {
                    merged.insert(key.clone(), value.clone());
                }
            }
        }
    }
    Value::Object(merged)
}

fn distinct(item: Value, others: &[Value], element: &Value) -> Value {
    if !others.contains(&item) {
        return item;
    }
    if let Some(values) = element.get("enum").and_then(Value::as_array) {
        return values
            .iter()
            .find(|value| !others.contains(value))
            .cloned()
            .unwrap_or(item);
    }
    match item {
        Value::Number(number) => (1..=1_000_i64)
            .map(|step| json!(number.as_i64().unwrap_or_default() + step))
            .find(|value| !others.contains(value))
            .unwrap_or(Value::Number(number)),
        Value::String(text) => (2..=1_000)
            .map(|number| json!(format!("{text} {number}")))
            .find(|value| !others.contains(value))
            .unwrap_or(Value::String(text)),
        other => other,
    }
}
