//! Everything that can be decided from the head: key, plan, budget, route, scope, method.

use std::time::Duration;

use http::StatusCode;
use http::request::Parts;

use crate::app::App;
use crate::auth::Principal;
use crate::envelope::{ApiError, ErrorType};
use crate::limits::Spending;
use crate::router::{self, Target};

/// What the head came to.
pub(super) struct Admission<'a> {
    /// Set once the key was recognised, whatever came after.
    pub(super) principal: Option<&'a Principal>,
    pub(super) spending: Option<Spending>,
    pub(super) outcome: Result<Admitted, ApiError>,
}

/// A request that may be read.
pub(super) struct Admitted {
    pub(super) target: Target,
}

impl App {
    pub(super) fn admit(&self, head: &Parts, now: Duration) -> Admission<'_> {
        let target = router::resolve(head.uri.path());
        if let Some(target) = &target
            && target.route.is_public()
        {
            return Admission {
                principal: None,
                spending: None,
                outcome: target.route.check_method(&head.method).map(|()| Admitted {
                    target: target.clone(),
                }),
            };
        }
        let principal = match self.keys.authenticate(&head.headers, &self.policy) {
            Ok(principal) => principal,
            Err(refusal) => {
                return Admission {
                    principal: None,
                    spending: None,
                    outcome: Err(refusal),
                };
            }
        };
        let spending = principal.budget.take(now, self.policy.requests_counted);
        Admission {
            principal: Some(principal),
            spending: Some(spending),
            outcome: self.decide(head, principal, spending, target),
        }
    }

    fn decide(
        &self,
        head: &Parts,
        principal: &Principal,
        spending: Spending,
        target: Option<Target>,
    ) -> Result<Admitted, ApiError> {
        principal.has_api()?;
        if let Some(wait) = spending.retry_after
            && self.policy.limits_enforced
        {
            let mut refusal = ApiError::new(
                StatusCode::TOO_MANY_REQUESTS,
                ErrorType::RateLimit,
                "rate_limit_exceeded",
                format!(
                    "This key's {} requests a minute are used up. Wait for the time in Retry-After.",
                    spending.limit
                ),
            );
            refusal.retry_after = Some(wait);
            return Err(refusal);
        }
        let Some(target) = target else {
            return Err(ApiError::new(
                StatusCode::NOT_FOUND,
                ErrorType::NotFound,
                "route_not_found",
                "There is no such route. `GET /v1/openapi.json` describes those there are.",
            ));
        };
        principal.may_reach(&target, &self.policy)?;
        if let Some(pipeline) = &target.pipeline
            && !self.pipelines.contains(pipeline)
            && !self.policy.unknown_pipelines_exist
        {
            return Err(ApiError::new(
                StatusCode::NOT_FOUND,
                ErrorType::NotFound,
                "pipeline_not_found",
                "There is no such pipeline in this workspace.",
            ));
        }
        target.route.check_method(&head.method)?;
        Ok(Admitted { target })
    }
}
