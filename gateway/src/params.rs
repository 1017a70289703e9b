//! Parameters that had to be changed: clamped, dropped, and `strict_params` (CONTRACT §1, "Parameters").

use std::fmt::{self, Display};

use http::HeaderValue;
use serde::de::{Error, Unexpected, Visitor};
use serde::{Deserialize, Deserializer};

use crate::envelope::ApiError;

/// A whole number as JSON has them: `2.0` is one, and beyond 64 bits is merely out of range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Whole(pub(crate) i64);

impl<'de> Deserialize<'de> for Whole {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;

        impl Visitor<'_> for Reader {
            type Value = Whole;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a whole number")
            }

            fn visit_i64<E>(self, number: i64) -> Result<Whole, E> {
                Ok(Whole(number))
            }

            fn visit_u64<E>(self, number: u64) -> Result<Whole, E> {
                Ok(Whole(i64::try_from(number).unwrap_or(i64::MAX)))
            }

            #[expect(
                clippy::cast_possible_truncation,
                reason = "the cast saturates, as is wanted"
            )]
            fn visit_f64<E: Error>(self, number: f64) -> Result<Whole, E> {
                if number.fract() == 0.0 {
                    return Ok(Whole(number as i64));
                }
                Err(E::invalid_type(Unexpected::Float(number), &self))
            }
        }

        deserializer.deserialize_any(Reader)
    }
}

/// One change to one parameter.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Adjustment {
    name: &'static str,
    change: Change,
}

#[derive(Debug, Clone, PartialEq)]
enum Change {
    Clamped { from: f64, to: f64 },
    Dropped,
}

impl Display for Adjustment {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.change {
            Change::Clamped { from, to } => write!(formatter, "{}={from:?}->{to:?}", self.name),
            Change::Dropped => write!(formatter, "{}=dropped", self.name),
        }
    }
}

/// Every change made to one request, in the order the parameters were read.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Adjustments(Vec<Adjustment>);

impl Adjustments {
    /// `value` within `low..=high`; a change is noted.
    pub(crate) fn clamp(&mut self, name: &'static str, value: f64, low: f64, high: f64) -> f64 {
        let clamped = value.clamp(low, high);
        if clamped.total_cmp(&value).is_ne() && (clamped - value).abs() > 0.0 {
            self.0.push(Adjustment {
                name,
                change: Change::Clamped {
                    from: value,
                    to: clamped,
                },
            });
        }
        clamped
    }

    /// Like [`Self::clamp`] for whole numbers that must be positive.
    #[expect(
        clippy::cast_precision_loss,
        reason = "only the header shows the float, and limits are far below 2^52"
    )]
    pub(crate) fn clamp_count(&mut self, name: &'static str, value: Whole, high: usize) -> usize {
        let Whole(value) = value;
        let top = i64::try_from(high).unwrap_or(i64::MAX);
        let clamped = value.clamp(1, top);
        if clamped != value {
            self.clamp(name, value as f64, 1.0, high as f64);
        }
        usize::try_from(clamped).unwrap_or(high)
    }

    /// Notes that the backend does not have this parameter.
    pub(crate) fn drop(&mut self, name: &'static str) {
        self.0.push(Adjustment {
            name,
            change: Change::Dropped,
        });
    }

    /// The value of `X-Param-Adjustments`: `top_p=1.5->1.0; logit_bias=dropped`.
    pub(crate) fn header(&self) -> Option<HeaderValue> {
        if self.0.is_empty() {
            return None;
        }
        HeaderValue::try_from(self.to_string()).ok()
    }

    /// Under `strict_params`, any change is a refusal that names every parameter concerned.
    pub(crate) fn enforce(&self, strict: bool) -> Result<(), ApiError> {
        match self.0.first() {
            Some(first) if strict => Err(ApiError::invalid(
                "strict_params",
                format!(
                    "`strict_params` is set, and these parameters cannot be honoured as sent: {self}. Remove or correct them, or leave `strict_params` out."
                ),
            )
            .at(first.name)),
            _ => Ok(()),
        }
    }
}

impl Display for Adjustments {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, adjustment) in self.0.iter().enumerate() {
            if index > 0 {
                formatter.write_str("; ")?;
            }
            adjustment.fmt(formatter)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn header_names_each_change() {
        let mut adjustments = Adjustments::default();
        assert!((adjustments.clamp("top_p", 1.5, 0.0, 1.0) - 1.0).abs() < f64::EPSILON);
        assert_eq!(adjustments.clamp_count("max_tokens", Whole(7), 10), 7);
        assert_eq!(adjustments.clamp_count("n", Whole(0), 10), 1);
        adjustments.drop("logit_bias");
        assert_eq!(
            adjustments.header().unwrap(),
            "top_p=1.5->1.0; n=0.0->1.0; logit_bias=dropped"
        );
    }

    #[test]
    fn whole_numbers_are_read_in_every_spelling() {
        let read = |text: &str| serde_json::from_str(text).map(|Whole(number)| number).ok();
        for (text, number) in [
            ("7", Some(7)),
            ("-7", Some(-7)),
            ("2.0", Some(2)),
            ("1e3", Some(1_000)),
            ("18446744073709551615", Some(i64::MAX)),
            ("1e30", Some(i64::MAX)),
            ("-1e30", Some(i64::MIN)),
            ("2.5", None),
            ("\"7\"", None),
            ("true", None),
        ] {
            assert_eq!(read(text), number, "{text}");
        }
    }

    #[test]
    fn strict_refuses_only_changes() {
        let mut adjustments = Adjustments::default();
        assert_eq!(adjustments.enforce(true), Ok(()));
        adjustments.drop("logprobs");
        assert_eq!(adjustments.enforce(false), Ok(()));
        let refused = adjustments.enforce(true).unwrap_err();
        assert_eq!(refused.param.as_deref(), Some("logprobs"));
        assert!(refused.message.contains("logprobs"));
    }
}
