//! A challenge: random bytes that did not exist before the run, so that old evidence cannot be
//! passed off as new.

use chrono::{DateTime, Duration, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{digest::Digest, printable};

/// The version of the file in `schemaVersion`.
pub const SCHEMA_VERSION: u32 = 1;

/// The longest file that is read, in bytes.
pub const SIZE_LIMIT: usize = 4096;

/// The longest time a challenge may be good for.
pub const LONGEST: Duration = Duration::days(7);

/// A challenge as its file holds it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Challenge {
    /// Always [`SCHEMA_VERSION`].
    pub schema_version: u32,
    /// 32 random bytes as 64 lower-case hexadecimal digits.
    pub nonce: Digest,
    /// When it was made (UTC).
    pub issued_at: DateTime<Utc>,
    /// From when on it is good for nothing (UTC).
    pub expires_at: DateTime<Utc>,
}

/// Why some bytes are not a challenge.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChallengeError {
    /// Longer than [`SIZE_LIMIT`].
    #[error("it is longer than {SIZE_LIMIT} bytes")]
    TooLong,
    /// Not the JSON of a challenge.
    #[error("{0}")]
    Shape(String),
    /// Another version of the file.
    #[error("schemaVersion is {0}, and this reader knows {SCHEMA_VERSION} only")]
    Version(u32),
    /// It ends before it begins, or lives longer than [`LONGEST`].
    #[error("it must expire after it was issued, and within 7 days")]
    Lifetime,
}

impl Challenge {
    /// A challenge from 32 random bytes, good for `lifetime` from `now` on.
    pub fn new(
        random: [u8; 32],
        now: DateTime<Utc>,
        lifetime: Duration,
    ) -> Result<Self, ChallengeError> {
        let challenge = Self {
            schema_version: SCHEMA_VERSION,
            nonce: Digest::from_bytes(random),
            issued_at: now,
            expires_at: now
                .checked_add_signed(lifetime)
                .ok_or(ChallengeError::Lifetime)?,
        };
        challenge.checked()
    }

    /// Reads a challenge file.
    pub fn read(bytes: &[u8]) -> Result<Self, ChallengeError> {
        if bytes.len() > SIZE_LIMIT {
            return Err(ChallengeError::TooLong);
        }
        let challenge: Self = serde_json::from_slice(bytes)
            .map_err(|error| ChallengeError::Shape(printable(&error.to_string(), 200)))?;
        challenge.checked()
    }

    /// The bytes of the file.
    pub fn bytes(&self) -> Result<Vec<u8>, serde_json::Error> {
        let mut bytes = serde_json::to_vec_pretty(self)?;
        bytes.push(b'\n');
        Ok(bytes)
    }

    /// What a live report carries as `challengeSha256`: a digest over all fields, so that
    /// stretching the lifetime makes another challenge.
    pub fn digest(&self) -> Digest {
        Digest::of_parts([
            b"runinfra-canary-challenge-v1".as_slice(),
            self.nonce.bytes(),
            self.issued_at.to_rfc3339().as_bytes(),
            self.expires_at.to_rfc3339().as_bytes(),
        ])
    }

    fn checked(self) -> Result<Self, ChallengeError> {
        if self.schema_version != SCHEMA_VERSION {
            return Err(ChallengeError::Version(self.schema_version));
        }
        let lifetime = self.expires_at - self.issued_at;
        if lifetime <= Duration::zero() || lifetime > LONGEST {
            return Err(ChallengeError::Lifetime);
        }
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_780_000_000, 0).unwrap()
    }

    fn challenge() -> Challenge {
        Challenge::new([7; 32], now(), Duration::hours(24)).unwrap()
    }

    #[test]
    fn a_challenge_reads_back() {
        let made = challenge();
        assert_eq!(Challenge::read(&made.bytes().unwrap()), Ok(made));
    }

    #[test]
    fn a_challenge_may_be_as_long_and_live_as_long_as_is_said() {
        assert!(Challenge::new([7; 32], now(), LONGEST).is_ok());
        let longer = Challenge::new([7; 32], now(), LONGEST + Duration::milliseconds(1));
        assert_eq!(longer, Err(ChallengeError::Lifetime));
        let mut bytes = challenge().bytes().unwrap();
        bytes.resize(SIZE_LIMIT, b' ');
        assert_eq!(Challenge::read(&bytes), Ok(challenge()));
        bytes.push(b' ');
        assert_eq!(Challenge::read(&bytes), Err(ChallengeError::TooLong));
    }

    #[test]
    fn every_field_is_in_the_digest() {
        let made = challenge();
        for changed in [
            Challenge {
                nonce: Digest::of("x"),
                ..made.clone()
            },
            Challenge {
                issued_at: made.issued_at - Duration::seconds(1),
                ..made.clone()
            },
            Challenge {
                expires_at: made.expires_at + Duration::seconds(1),
                ..made.clone()
            },
        ] {
            assert_ne!(changed.digest(), made.digest(), "{changed:?}");
        }
    }

    /// A parser quotes the keys that it does not know.
    #[test]
    fn what_is_said_of_a_challenge_is_fit_for_a_terminal() {
        let text = String::from_utf8(challenge().bytes().unwrap()).unwrap();
        let odd = text.replace("nonce", "\\u001b[2Jnonce");
        let told = Challenge::read(odd.as_bytes()).unwrap_err().to_string();
        assert!(told.contains("unknown field `?[2Jnonce`"), "{told}");
    }

    #[test]
    fn what_is_no_challenge_is_refused() {
        let text = String::from_utf8(challenge().bytes().unwrap()).unwrap();
        assert_eq!(
            Challenge::read(text.replace(": 1,", ": 2,").as_bytes()),
            Err(ChallengeError::Version(2))
        );
        assert_eq!(
            Challenge::read(&vec![b' '; SIZE_LIMIT + 1]),
            Err(ChallengeError::TooLong)
        );
        for lifetime in [Duration::zero(), Duration::days(8), Duration::MAX] {
            assert_eq!(
                Challenge::new([7; 32], now(), lifetime),
                Err(ChallengeError::Lifetime),
                "{lifetime}"
            );
        }
        for wrong in [
            "",
            "{}",
            "[]",
            &text.replace("nonce", "n"),
            &format!("{text}x"),
        ] {
            assert!(
                matches!(
                    Challenge::read(wrong.as_bytes()),
                    Err(ChallengeError::Shape(_))
                ),
                "{wrong}"
            );
        }
    }
}
