//! Keys and their scopes.
#![expect(clippy::too_many_lines, reason = "a table: one entry a fault")]

use crate::fault::catalogue::{
    CHAT, EMBEDDINGS, IMAGES, RESPONSES, SPEECH, TRANSCRIPTIONS, policy,
};
use crate::fault::{Fault, Layer};
use crate::policy::KeyComparison;

pub(super) fn faults() -> Vec<Fault> {
    const SCOPES: &str = "CONTRACT §1 scopes";
    const ERRORS: &str = "CONTRACT §1 Errors: 401";
    vec![
        policy(
            "auth.missing_key_accepted",
            Layer::Auth,
            "Requests without a key are answered.",
            ERRORS,
            |policy| policy.missing_key_accepted = true,
        ),
        policy(
            "auth.unknown_key_accepted",
            Layer::Auth,
            "Requests with any key at all are answered.",
            ERRORS,
            |policy| policy.unknown_key_accepted = true,
        ),
        policy(
            "auth.pipeline_key_on_flat_routes",
            Layer::Auth,
            "A pipeline key works on every flat route.",
            SCOPES,
            |policy| policy.pipeline_key_on_flat_routes = &["*"],
        ),
        policy(
            "auth.pipeline_key_lists_models",
            Layer::Auth,
            "A pipeline key lists the workspace's models.",
            SCOPES,
            |policy| policy.pipeline_key_on_flat_routes = &["models.list", "models.retrieve"],
        ),
        policy(
            "auth.pipeline_key_on_flat_chat",
            Layer::Auth,
            "A pipeline key works on flat chat.",
            SCOPES,
            |policy| policy.pipeline_key_on_flat_routes = &[CHAT],
        ),
        policy(
            "auth.pipeline_key_on_flat_responses",
            Layer::Auth,
            "A pipeline key works on flat responses.",
            SCOPES,
            |policy| policy.pipeline_key_on_flat_routes = &[RESPONSES],
        ),
        policy(
            "auth.pipeline_key_on_flat_embeddings",
            Layer::Auth,
            "A pipeline key works on flat embeddings.",
            SCOPES,
            |policy| policy.pipeline_key_on_flat_routes = &[EMBEDDINGS],
        ),
        policy(
            "auth.pipeline_key_on_flat_images",
            Layer::Auth,
            "A pipeline key works on flat images.",
            SCOPES,
            |policy| policy.pipeline_key_on_flat_routes = &[IMAGES],
        ),
        policy(
            "auth.pipeline_key_on_flat_audio",
            Layer::Auth,
            "A pipeline key works on flat speech and transcription.",
            SCOPES,
            |policy| policy.pipeline_key_on_flat_routes = &[SPEECH, TRANSCRIPTIONS],
        ),
        policy(
            "auth.pipeline_key_on_other_pipelines",
            Layer::Auth,
            "A pipeline key works on pipelines that are not its own: the path's pipeline is neither compared nor looked up.",
            SCOPES,
            |policy| {
                policy.pipeline_key_on_other_pipelines = true;
                policy.unknown_pipelines_exist = true;
            },
        ),
        policy(
            "auth.unknown_pipeline_served",
            Layer::Auth,
            "A pipeline that does not exist is served.",
            SCOPES,
            |policy| policy.unknown_pipelines_exist = true,
        ),
        policy(
            "auth.pipeline_key_refused_at_home",
            Layer::Auth,
            "A pipeline key is refused on its own pipeline.",
            SCOPES,
            |policy| policy.pipeline_key_at_home = false,
        ),
        policy(
            "auth.workspace_key_refused",
            Layer::Auth,
            "A workspace key is refused on inference routes and still lists models.",
            SCOPES,
            |policy| policy.workspace_key_runs = false,
        ),
        policy(
            "auth.scheme_optional",
            Layer::Auth,
            "A key without the word Bearer before it is let in.",
            ERRORS,
            |policy| policy.scheme_optional = true,
        ),
        policy(
            "auth.key_case_ignored",
            Layer::Auth,
            "Keys are compared without regard to case.",
            ERRORS,
            |policy| policy.keys_compared = KeyComparison::CaseIgnored,
        ),
        policy(
            "auth.key_length_only",
            Layer::Auth,
            "Any key as long as a known one is let in.",
            ERRORS,
            |policy| policy.keys_compared = KeyComparison::LengthOnly,
        ),
        policy(
            "auth.key_prefix_only",
            Layer::Auth,
            "Only the first 24 characters of a key are compared.",
            ERRORS,
            |policy| policy.keys_compared = KeyComparison::PrefixOnly,
        ),
    ]
}
