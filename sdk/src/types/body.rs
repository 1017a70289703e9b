//! From a typed request to the bytes of its body, with the checks that every JSON request shares.

use serde::de::{DeserializeOwned, Visitor};
use serde::{Deserialize as _, Deserializer, Serialize, forward_to_deserialize_any};
use serde_json::{Map, Value};

use crate::error::Error;

/// A request whose body is JSON.
pub(crate) trait JsonRequest: Serialize + DeserializeOwned {
    /// Fields that the SDK sets itself, so that `extra_body` may not.
    const RESERVED: &'static [&'static str] = &[];

    /// Fields beyond the typed ones.
    fn extra_body(&self) -> &Map<String, Value>;

    /// The local rules of this request.
    fn check(&self) -> Result<(), Error>;
}

/// Checks `request` and writes its body. `fixed` is appended to the typed fields.
pub(crate) fn encode<R: JsonRequest>(
    request: &R,
    fixed: &[(&str, Value)],
) -> Result<Vec<u8>, Error> {
    request.check()?;
    for name in request.extra_body().keys() {
        if field_names::<R>().contains(&name.as_str()) || R::RESERVED.contains(&name.as_str()) {
            return Err(Error::invalid(format!(
                "extra_body may not set {name}: it is a typed field of this request, set it there"
            )));
        }
    }
    let mut bytes = serde_json::to_vec(request).map_err(|error| {
        Error::invalid(format!("the request cannot be written as JSON: {error}"))
    })?;
    let extra = request
        .extra_body()
        .iter()
        .map(|(name, value)| (name.as_str(), value));
    for (name, value) in fixed
        .iter()
        .map(|(name, value)| (*name, value))
        .chain(extra)
    {
        append(&mut bytes, name, value);
    }
    Ok(bytes)
}

/// Adds a member to the object that `bytes` holds.
fn append(bytes: &mut Vec<u8>, name: &str, value: &Value) {
    bytes.pop();
    if bytes.len() > 1 {
        bytes.push(b',');
    }
    bytes.extend_from_slice(Value::from(name).to_string().as_bytes());
    bytes.push(b':');
    bytes.extend_from_slice(value.to_string().as_bytes());
    bytes.push(b'}');
}

/// The model has to be named.
pub(crate) fn model_given(model: &str) -> Result<(), Error> {
    not_empty("model", model.trim())
}

/// A text that has to hold something.
pub(crate) fn not_empty(name: &str, text: &str) -> Result<(), Error> {
    if text.is_empty() {
        Err(Error::invalid(format!("{name} is empty: give it a value")))
    } else {
        Ok(())
    }
}

/// JSON has no way to write the others.
pub(crate) fn finite<'a>(
    numbers: impl IntoIterator<Item = (&'a str, Option<f64>)>,
) -> Result<(), Error> {
    for (name, number) in numbers {
        if let Some(number) = number.filter(|number| !number.is_finite()) {
            return Err(Error::invalid(format!(
                "{name} is {number}: use a finite number"
            )));
        }
    }
    Ok(())
}

/// The names that `T`'s derived `Deserialize` knows, asked of it rather than listed a second time.
fn field_names<T: DeserializeOwned>() -> &'static [&'static str] {
    let mut names: &'static [&'static str] = &[];
    // Always an error: nothing is there to be read. The names have been seen by then.
    let _ = T::deserialize(Names(&mut names));
    names
}

struct Names<'a>(&'a mut &'static [&'static str]);

impl<'de> Deserializer<'de> for Names<'_> {
    type Error = serde::de::value::Error;

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        *self.0 = fields;
        self.deserialize_any(visitor)
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        visitor
            .visit_unit::<Self::Error>()
            .map_err(|_| serde::de::Error::custom("names only"))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}

/// A list that an answer may not leave empty.
pub(crate) fn at_least_one<'de, D: Deserializer<'de>, T: serde::Deserialize<'de>>(
    deserializer: D,
) -> Result<Vec<T>, D::Error> {
    let list = Vec::<T>::deserialize(deserializer)?;
    if list.is_empty() {
        Err(serde::de::Error::invalid_length(0, &"at least one element"))
    } else {
        Ok(list)
    }
}

/// A list for which some backends write `null`.
pub(crate) fn null_is_empty<'de, D: Deserializer<'de>, T: serde::Deserialize<'de>>(
    deserializer: D,
) -> Result<Vec<T>, D::Error> {
    Ok(Option::<Vec<T>>::deserialize(deserializer)?.unwrap_or_default())
}
