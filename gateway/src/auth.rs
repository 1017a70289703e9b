//! Who is asking, and what they may reach (CONTRACT §1: two scopes).

use std::collections::HashMap;

use http::header::{AUTHORIZATION, HeaderMap};
use http::{HeaderValue, StatusCode};

use crate::config::{KeySpec, Scope};
use crate::envelope::{ApiError, ErrorType};
use crate::limits::{Budget, Plan};
use crate::policy::{KeyComparison, Policy};
use crate::router::Target;
use crate::secret::Secret;

/// A key that was recognised.
#[derive(Debug)]
pub(crate) struct Principal {
    /// Distinguishes keys where the key itself must not be stored.
    pub(crate) id: usize,
    pub(crate) scope: Scope,
    pub(crate) plan: Plan,
    pub(crate) budget: Budget,
}

/// The known keys, by digest.
#[derive(Debug)]
pub(crate) struct KeyRing {
    keys: HashMap<[u8; 32], Principal>,
    compared: KeyComparison,
}

impl KeyRing {
    pub(crate) fn new(keys: &[KeySpec], plan: Plan, compared: KeyComparison) -> Self {
        let mut known = HashMap::new();
        for (id, spec) in keys.iter().enumerate() {
            let ceiling = plan.ceiling().unwrap_or(0);
            let budget = spec
                .requests_per_minute
                .or(plan.default_budget())
                .unwrap_or(0)
                .min(ceiling);
            let key = compared.compared(spec.key.expose());
            // Keys that a broken comparison takes for one are the first of them.
            known
                .entry(Secret::fingerprint(&key))
                .or_insert_with(|| Principal {
                    id,
                    scope: spec.scope.clone(),
                    plan,
                    budget: Budget::new(budget),
                });
        }
        Self {
            keys: known,
            compared,
        }
    }

    /// Recognises the bearer token, or refuses with 401. The message never repeats what was presented.
    pub(crate) fn authenticate(
        &self,
        headers: &HeaderMap,
        policy: &Policy,
    ) -> Result<&Principal, ApiError> {
        let mut presented = headers.get_all(AUTHORIZATION).iter();
        let Some(value) = presented.next() else {
            if policy.missing_key_accepted {
                return self.any();
            }
            return Err(unauthenticated(
                "missing_api_key",
                "No API key was presented. Send exactly one `Authorization: Bearer KEY` header.",
            ));
        };
        if presented.next().is_some() {
            return Err(unauthenticated(
                "malformed_authorization",
                "More than one Authorization header was presented. Send exactly one.",
            ));
        }
        let bare = || value.to_str().ok().filter(|_| policy.scheme_optional);
        let Some(token) = bearer(value).or_else(bare) else {
            return Err(unauthenticated(
                "malformed_authorization",
                "The Authorization header is not `Bearer KEY`. Send the key after the word Bearer and one space.",
            ));
        };
        match self
            .keys
            .get(&Secret::fingerprint(&self.compared.compared(token)))
        {
            Some(principal) => Ok(principal),
            None if policy.unknown_key_accepted => self.any(),
            None => Err(unauthenticated(
                "invalid_api_key",
                "The API key is not valid. Check it in Settings > API Keys.",
            )),
        }
    }

    /// The first workspace key of the configuration, for gateways whose door is broken.
    fn any(&self) -> Result<&Principal, ApiError> {
        self.keys
            .values()
            .filter(|principal| principal.scope == Scope::Workspace)
            .min_by_key(|principal| principal.id)
            .ok_or_else(|| unauthenticated("invalid_api_key", "No workspace key exists."))
    }
}

fn unauthenticated(code: &'static str, message: &str) -> ApiError {
    ApiError::new(
        StatusCode::UNAUTHORIZED,
        ErrorType::Authentication,
        code,
        message,
    )
}

/// The token of a `Bearer` header; the scheme's case does not matter (RFC 9110, section 11.1).
fn bearer(value: &HeaderValue) -> Option<&str> {
    let (scheme, token) = value.to_str().ok()?.split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}

impl Principal {
    /// Whether this key may be used on a flat route, or on a pipeline's.
    pub(crate) fn may_reach(&self, target: &Target, policy: &Policy) -> Result<(), ApiError> {
        let operation = target.route.operation();
        let allowed = match (&self.scope, &target.pipeline) {
            (Scope::Workspace, _) => policy.workspace_key_runs || !target.route.charges(),
            (Scope::Pipeline(_), None) => policy
                .pipeline_key_on_flat_routes
                .iter()
                .any(|open| *open == "*" || *open == operation),
            (Scope::Pipeline(own), Some(asked)) if asked == own => policy.pipeline_key_at_home,
            (Scope::Pipeline(_), Some(_)) => policy.pipeline_key_on_other_pipelines,
        };
        if allowed {
            return Ok(());
        }
        Err(ApiError::new(
            StatusCode::FORBIDDEN,
            ErrorType::Permission,
            "key_scope",
            "This key belongs to one pipeline and does not reach this route. Use `/v1/{pipelineId}/…` with its own pipeline, or a workspace key.",
        ))
    }

    /// Whether the plan includes the API at all.
    pub(crate) fn has_api(&self) -> Result<(), ApiError> {
        if self.plan.default_budget().is_some() {
            return Ok(());
        }
        Err(ApiError::new(
            StatusCode::FORBIDDEN,
            ErrorType::Permission,
            "plan_required",
            format!(
                "The {} plan has no API access. Upgrade the workspace to Pro or higher.",
                self.plan
            ),
        ))
    }
}
