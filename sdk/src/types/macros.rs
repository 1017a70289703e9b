//! What the wire types have in common, written once.

/// A closed-looking set of names that the gateway may extend: known ones are variants, others are kept as they are.
macro_rules! open_enum {
    ($(#[$meta:meta])* $name:ident { $($(#[$variant_meta:meta])* $variant:ident = $text:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$variant_meta])* $variant,)+
            /// A name this version of the crate does not know.
            Other(String),
        }

        impl $name {
            /// The name on the wire.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $text,)+
                    Self::Other(text) => text,
                }
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                match text {
                    $($text => Self::$variant,)+
                    other => Self::Other(other.to_owned()),
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Text;
                impl serde::de::Visitor<'_> for Text {
                    type Value = $name;
                    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        f.write_str("a string")
                    }
                    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<$name, E> {
                        Ok($name::from(text))
                    }
                }
                deserializer.deserialize_str(Text)
            }
        }
    };
}

/// The value of an `object` or `type` member, which has to be exactly this text.
macro_rules! tag {
    ($(#[$meta:meta])* $name:ident = $text:literal) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
        pub struct $name;

        impl $name {
            /// The text on the wire.
            pub const TEXT: &str = $text;
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str($text)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Text;
                impl serde::de::Visitor<'_> for Text {
                    type Value = $name;
                    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(f, "{:?}", $text)
                    }
                    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<$name, E> {
                        if text == $text { Ok($name) } else { Err(E::invalid_value(serde::de::Unexpected::Str(text), &self)) }
                    }
                }
                deserializer.deserialize_str(Text)
            }
        }
    };
}

/// Setters for optional fields, one a field, each documented by the field itself.
macro_rules! setters {
    ($type:ident { $($field:ident: $value:ty,)+ }) => {
        impl $type {
            $(
                #[doc = concat!("Sets [`", stringify!($field), "`](Self::", stringify!($field), ").")]
                #[must_use]
                pub fn $field(mut self, $field: impl Into<$value>) -> Self {
                    self.$field = Some($field.into());
                    self
                }
            )+
        }
    };
}

/// Text goes in as it is where a type is either text or something richer.
macro_rules! from_text {
    ($type:ident) => {
        impl From<&str> for $type {
            fn from(text: &str) -> Self {
                Self::Text(text.to_owned())
            }
        }

        impl From<String> for $type {
            fn from(text: String) -> Self {
                Self::Text(text)
            }
        }
    };
}

/// So do several, where a type is one text or several.
macro_rules! from_texts {
    ($type:ident) => {
        impl<T: Into<String>> From<Vec<T>> for $type {
            fn from(texts: Vec<T>) -> Self {
                Self::Texts(texts.into_iter().map(Into::into).collect())
            }
        }

        impl<T: Into<String>, const N: usize> From<[T; N]> for $type {
            fn from(texts: [T; N]) -> Self {
                Self::Texts(texts.into_iter().map(Into::into).collect())
            }
        }
    };
}

/// `extra_body` on a JSON request.
macro_rules! extra_body {
    ($type:ident) => {
        impl $type {
            /// Adds a body field that this version of the crate does not type. A typed field cannot be set this way.
            #[must_use]
            pub fn extra(
                mut self,
                name: impl Into<String>,
                value: impl Into<serde_json::Value>,
            ) -> Self {
                self.extra_body.insert(name.into(), value.into());
                self
            }
        }
    };
}

/// Reading and writing for types that derive both with `#[serde(remote = "Self")]`: as derived, but only from an object.
///
/// The derived functions stay callable by the type's own name, as `Type::deserialize`, because the derive gives them the
/// type's visibility. Whoever reads through the trait, as every format's `from_str` does, gets the ones here.
macro_rules! objects {
    ($($type:ident),+ $(,)?) => {
        read_objects! { $($type),+ }
        $(
            impl serde::Serialize for $type {
                fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                    // The derived function, which is not the trait's.
                    Self::serialize(self, serializer)
                }
            }
        )+
    };
}

/// The reading half of [`objects!`], for types that are never written.
macro_rules! read_objects {
    ($($type:ident),+ $(,)?) => {
        $(
            impl<'de> serde::Deserialize<'de> for $type {
                fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                    Self::deserialize(crate::types::object::ObjectOnly(deserializer))
                }
            }
        )+
    };
}
