//! The SDK client that a call is made with: as the row plans it, and otherwise as anybody has it.

use std::{sync::Arc, time::Duration};

use canary_core::{
    input::{Secret, Value as Input},
    matrix::{ClientPlan, Venue},
    template::fill_text,
};
use runinfra::{Client, Error, transport::Transport};
use serde_json::Value;

use super::Setting;

fn plan<'a>(setting: &'a Setting<'_>) -> &'a ClientPlan {
    let counter = setting.counter.and_then(|counter| counter.client.as_ref());
    counter.unwrap_or(&setting.call.client)
}

pub(super) fn api_key(setting: &Setting<'_>) -> Secret {
    let plan = plan(setting);
    let text = |value: &Value| fill_text(value, setting.scope).ok().flatten();
    if let Some(key) = plan.key.as_ref().and_then(text) {
        return Secret::new(key);
    }
    match setting.row.venue {
        Venue::Local => {
            Secret::new(text(&Value::String("${secret}".to_owned())).unwrap_or_default())
        }
        Venue::Live => match setting.world.inputs.value("RUNINFRA_API_KEY") {
            Some(Input::Secret(key)) => key.clone(),
            _ => Secret::new(""),
        },
    }
}

pub(super) fn client(
    setting: &Setting<'_>,
    transport: Arc<dyn Transport>,
    key: &Secret,
) -> Result<Client, Error> {
    let plan = plan(setting);
    let text = |value: &Value| fill_text(value, setting.scope).ok().flatten();
    let base_url = plan
        .base_url
        .as_ref()
        .and_then(text)
        .unwrap_or_else(|| setting.base_url.to_owned());
    let mut builder = Client::builder()
        .api_key(key.expose())
        .base_url(base_url)
        .transport(transport);
    if let Some(pipeline) = plan.pipeline.as_ref().and_then(text) {
        builder = builder.pipeline_id(pipeline);
    }
    let timeout = plan
        .timeout_seconds
        .map_or(setting.world.call_timeout, Duration::from_secs_f64);
    builder = builder.timeout(timeout);
    if let Some(idle) = plan.idle_timeout_seconds {
        builder = builder.idle_timeout(Duration::from_secs_f64(idle));
    }
    let retries = plan
        .max_retries
        .map(|retries| u32::try_from(retries).unwrap_or(u32::MAX));
    if let Some(retries) = retries.or(setting.world.most_retries) {
        builder = builder.max_retries(retries);
    }
    if let Some(base) = plan.retry_base_seconds {
        builder = builder.retry_base(Duration::from_secs_f64(base));
    }
    builder.build()
}
