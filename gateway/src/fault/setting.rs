//! Faults that show only when something runs out: which settings a gateway needs for them.

use serde::Serialize;

use crate::config::Config;
use crate::fault::{Effect, Fault, policy};
use crate::policy::Policy;

/// The settings under which a fault shows. A gateway without any fault keeps the whole contract under each of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Setting {
    /// Those of [`Config::default`].
    Usual,
    /// A budget of three requests a minute, so that the fourth is refused.
    SmallBudget,
    /// A balance that covers a few calls, so that most are refused.
    LowBalance,
    /// Room for answers of a few kilobytes, so that media are not stored for replays.
    SmallStore,
}

impl Setting {
    /// Every setting.
    pub const ALL: [Self; 4] = [
        Self::Usual,
        Self::SmallBudget,
        Self::LowBalance,
        Self::SmallStore,
    ];

    /// A gateway's configuration, with this setting.
    pub fn config(self) -> Config {
        let usual = Config::default();
        match self {
            Self::Usual => usual,
            Self::SmallBudget => Config {
                requests_per_minute: Some(3),
                ..usual
            },
            Self::LowBalance => Config {
                balance_cents: Some(12),
                ..usual
            },
            Self::SmallStore => Config {
                max_stored_answer: 4 * 1024,
                ..usual
            },
        }
    }

    /// In words, for tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Usual => "usual settings",
            Self::SmallBudget => "small budget",
            Self::LowBalance => "low balance",
            Self::SmallStore => "small store",
        }
    }
}

impl Fault {
    /// The settings that it needs to show at all. They follow from what it touches: a refusal that nothing provokes can hold no fault.
    pub fn setting(&self) -> Setting {
        let usual = Policy::default();
        match &self.effect {
            Effect::Policy(_) => {
                let broken = policy(self);
                if broken.limits_enforced != usual.limits_enforced {
                    Setting::SmallBudget
                } else if broken.large_answers_bound != usual.large_answers_bound {
                    Setting::SmallStore
                } else {
                    Setting::Usual
                }
            }
            Effect::Request(..) => Setting::Usual,
            Effect::Reply(on, _)
            | Effect::Json(on, _)
            | Effect::Events(on, _)
            | Effect::Frames(on, _)
            | Effect::Steps(on, _) => match on.only_status() {
                Some(429) => Setting::SmallBudget,
                Some(402) => Setting::LowBalance,
                _ => Setting::Usual,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fault::catalogue;

    #[test]
    fn what_runs_out_is_declared_by_what_a_fault_touches() {
        let needing = |setting| -> Vec<&str> {
            let all = catalogue().iter();
            all.filter(|fault| fault.setting() == setting)
                .map(|fault| fault.name)
                .collect()
        };
        assert_eq!(
            needing(Setting::SmallBudget),
            [
                "errors.rate_limit_as_503",
                "headers.retry_after_missing",
                "headers.retry_after_negative",
                "limits.not_enforced",
            ]
        );
        assert_eq!(
            needing(Setting::LowBalance),
            ["errors.credits_as_403", "errors.credits_details_missing"]
        );
        assert_eq!(
            needing(Setting::SmallStore),
            ["idempotency.large_answers_run_again"]
        );
    }

    #[test]
    fn a_setting_breaks_nothing_by_itself() {
        for setting in Setting::ALL {
            assert_eq!(setting.config().fault, None, "{}", setting.as_str());
        }
    }
}
