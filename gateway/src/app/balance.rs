//! Prepaid balances: what a call costs is taken from the balance of the workspace whose key asked.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};

use http::StatusCode;

use crate::config::KeySpec;
use crate::envelope::{ApiError, Credits, ErrorType};

/// The balances that run out.
#[derive(Debug)]
pub(super) struct Balances {
    shared: Option<AtomicU64>,
    /// By key, for keys with a workspace of their own.
    own: HashMap<usize, AtomicU64>,
}

impl Balances {
    /// The balances of these keys, which are told apart by their places.
    pub(super) fn new(shared: Option<u64>, keys: &[KeySpec]) -> Self {
        let own = keys.iter().enumerate();
        Self {
            shared: shared.map(AtomicU64::new),
            own: own
                .filter_map(|(id, key)| Some((id, AtomicU64::new(key.balance_cents?))))
                .collect(),
        }
    }

    fn of(&self, caller: Option<usize>) -> Option<&AtomicU64> {
        let own = caller.and_then(|caller| self.own.get(&caller));
        own.or(self.shared.as_ref())
    }

    /// Refuses with 402 what the caller's balance does not cover.
    pub(super) fn afford(&self, caller: Option<usize>, price: u64) -> Result<(), ApiError> {
        let Some(balance) = self.of(caller) else {
            return Ok(());
        };
        let balance = balance.load(Ordering::SeqCst);
        if balance >= price {
            return Ok(());
        }
        let mut error = ApiError::new(
            StatusCode::PAYMENT_REQUIRED,
            ErrorType::InsufficientCredits,
            "insufficient_credits",
            "The workspace's balance does not cover this request. Top up in Settings > Billing.",
        );
        error.credits = Some(Box::new(Credits {
            balance_cents: balance,
            required_cents: price,
        }));
        Err(error)
    }

    /// Takes a price from the caller's balance.
    pub(super) fn pay(&self, caller: Option<usize>, price: u64) {
        if let Some(balance) = self.of(caller) {
            // Never fails: the closure always returns a value.
            let _ = balance.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |balance| {
                Some(balance.saturating_sub(price))
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Scope;
    use crate::secret::Secret;

    #[test]
    fn each_key_spends_its_own_workspaces_balance() {
        let key = |balance_cents| KeySpec {
            key: Secret::new("k"),
            scope: Scope::Workspace,
            requests_per_minute: None,
            balance_cents,
        };
        let balances = Balances::new(Some(3), &[key(None), key(Some(5)), key(Some(0))]);
        let left = |caller| match balances.afford(Some(caller), u64::MAX) {
            Err(refusal) => refusal.credits.unwrap().balance_cents,
            Ok(()) => panic!("key {caller} has no end of money"),
        };
        balances.pay(Some(0), 2);
        balances.pay(Some(1), 1);
        balances.pay(Some(2), 4);
        assert_eq!([left(0), left(1), left(2)], [1, 4, 0]);
        assert_eq!(balances.afford(Some(0), 1), Ok(()));
        assert_eq!(balances.afford(Some(2), 0), Ok(()));
        let unlimited = Balances::new(None, &[key(None)]);
        unlimited.pay(Some(0), 9);
        assert_eq!(unlimited.afford(Some(0), u64::MAX), Ok(()));
    }
}
