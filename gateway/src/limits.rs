//! Plans and per-key request budgets (CONTRACT §1, "Rate limits").

use std::fmt;
use std::str::FromStr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// The workspace's plan. It sets the default and the highest budget of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Plan {
    /// No API access at all.
    Starter,
    /// 500 requests a minute, at most 1,000.
    Pro,
    /// 5,000 requests a minute, at most 10,000.
    #[default]
    Team,
    /// 50,000 requests a minute, at most 100,000.
    Enterprise,
}

impl Plan {
    /// Requests a minute for a key that asked for nothing else; `None` where the plan has no API.
    pub fn default_budget(self) -> Option<u32> {
        match self {
            Self::Starter => None,
            Self::Pro => Some(500),
            Self::Team => Some(5_000),
            Self::Enterprise => Some(50_000),
        }
    }

    /// The most requests a minute that a key of this plan may be given.
    pub fn ceiling(self) -> Option<u32> {
        self.default_budget().map(|budget| budget * 2)
    }

    /// The name in `X-RateLimit-Tier`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Starter => "starter",
            Self::Pro => "pro",
            Self::Team => "team",
            Self::Enterprise => "enterprise",
        }
    }
}

impl fmt::Display for Plan {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// A plan name that is not one of the four.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("read a plan name, found {found:?}; use starter, pro, team or enterprise")]
pub struct UnknownPlan {
    found: String,
}

impl FromStr for Plan {
    type Err = UnknownPlan;

    fn from_str(name: &str) -> Result<Self, UnknownPlan> {
        match name {
            "starter" => Ok(Self::Starter),
            "pro" => Ok(Self::Pro),
            "team" => Ok(Self::Team),
            "enterprise" => Ok(Self::Enterprise),
            found => Err(UnknownPlan {
                found: found.to_owned(),
            }),
        }
    }
}

const WINDOW: Duration = Duration::from_secs(60);

/// What the budget says about one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Spending {
    pub(crate) limit: u32,
    pub(crate) remaining: u32,
    /// Set when the request is over budget: how long until the window turns.
    pub(crate) retry_after: Option<Duration>,
}

/// One key's budget: a window of a minute that opens with its first request.
#[derive(Debug)]
pub(crate) struct Budget {
    limit: u32,
    state: Mutex<Window>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Window {
    opened: Duration,
    used: u32,
}

impl Budget {
    pub(crate) fn new(limit: u32) -> Self {
        Self {
            limit,
            state: Mutex::new(Window::default()),
        }
    }

    /// Takes one request from the budget at `now`; `spends` false only reads it.
    pub(crate) fn take(&self, now: Duration, spends: bool) -> Spending {
        let mut window = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if window.used == 0 || now >= window.opened + WINDOW || now < window.opened {
            *window = Window {
                opened: now,
                used: 0,
            };
        }
        if window.used >= self.limit {
            return Spending {
                limit: self.limit,
                remaining: 0,
                retry_after: Some((window.opened + WINDOW).saturating_sub(now)),
            };
        }
        if spends {
            window.used += 1;
        }
        Spending {
            limit: self.limit,
            remaining: self.limit - window.used,
            retry_after: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn budgets_count_down_refuse_and_turn() {
        let budget = Budget::new(2);
        let start = Duration::from_secs(1_000);
        assert_eq!(budget.take(start, true).remaining, 1);
        assert_eq!(budget.take(start, true).remaining, 0);
        let refused = budget.take(start + Duration::from_secs(20), true);
        assert_eq!(refused.retry_after, Some(Duration::from_secs(40)));
        let next = budget.take(start + WINDOW, true);
        assert_eq!((next.remaining, next.retry_after), (1, None));
    }

    #[test]
    fn plans_have_the_documented_budgets() {
        let table = [
            (Plan::Starter, None, None),
            (Plan::Pro, Some(500), Some(1_000)),
            (Plan::Team, Some(5_000), Some(10_000)),
            (Plan::Enterprise, Some(50_000), Some(100_000)),
        ];
        for (plan, budget, ceiling) in table {
            assert_eq!(
                (plan.default_budget(), plan.ceiling()),
                (budget, ceiling),
                "{plan}"
            );
            assert_eq!(plan.as_str().parse(), Ok(plan));
        }
    }
}
