//! Untyped members of a request, read from any kind of document. TOML and its like can write numbers that JSON cannot; read
//! as plain JSON values they would silently become `null`.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// A JSON value whose numbers are all finite.
struct Finite(Value);

impl<'de> Deserialize<'de> for Finite {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyJson).map(Self)
    }
}

struct AnyJson;

impl<'de> Visitor<'de> for AnyJson {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value that JSON can write")
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value)
            .map(Value::Number)
            .ok_or_else(|| E::custom(format_args!("the number {value} is not finite")))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(Finite(value)) = sequence.next_element()? {
            values.push(value);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut values = Map::new();
        while let Some((name, Finite(value))) = entries.next_entry()? {
            values.insert(name, value);
        }
        Ok(Value::Object(values))
    }
}

/// For a value that is anything.
pub(crate) fn value<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Value, D::Error> {
    Finite::deserialize(deserializer).map(|Finite(value)| value)
}

/// For a member that is an object.
pub(crate) fn map<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Map<String, Value>, D::Error> {
    match Finite::deserialize(deserializer)?.0 {
        Value::Object(map) => Ok(map),
        _ => Err(D::Error::custom("expected a table of fields")),
    }
}

/// For a member that is an object or is left out.
pub(crate) fn optional_map<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Map<String, Value>>, D::Error> {
    match Finite::deserialize(deserializer)?.0 {
        Value::Null => Ok(None),
        Value::Object(map) => Ok(Some(map)),
        _ => Err(D::Error::custom("expected a table of fields")),
    }
}

/// For a member that is anything or is left out.
pub(crate) fn optional_value<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Value>, D::Error> {
    Finite::deserialize(deserializer)
        .map(|Finite(value)| Some(value).filter(|value| !value.is_null()))
}

#[cfg(test)]
mod tests {
    use serde::de::value::{Error as ValueError, F64Deserializer, MapDeserializer};
    use serde_json::json;

    use super::*;

    fn one(number: f64) -> Result<Map<String, Value>, ValueError> {
        map(MapDeserializer::new([("a", number)].into_iter()))
    }

    #[test]
    fn numbers_that_json_cannot_write_are_refused() {
        assert_eq!(one(0.5).unwrap(), *json!({"a": 0.5}).as_object().unwrap());
        for number in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            assert!(
                one(number).unwrap_err().to_string().contains("not finite"),
                "{number}"
            );
            assert!(optional_value(F64Deserializer::<ValueError>::new(number)).is_err());
        }
    }

    #[test]
    fn everything_else_is_kept_as_it_is() {
        let value =
            json!({"a": [null, true, -1, 18_446_744_073_709_551_615_u64, 1.5, "x", {"b": []}]});
        assert_eq!(map(value.clone()).unwrap(), *value.as_object().unwrap());
        assert_eq!(optional_value(value.clone()).unwrap(), Some(value));
        assert_eq!(optional_map(Value::Null).unwrap(), None);
        assert!(map(json!([1])).is_err());
    }
}
