//! What a gateway says of itself, before the first row and after the last one: it must not have changed
//! in between, or the rows were not answered by one gateway.

use std::sync::Arc;

use canary_core::{digest::Digest, input::Value};
use http::{HeaderMap, header::SERVER};
use runinfra::{Client, types::Model};

use super::{Sink, admit};
use crate::{
    probe::World,
    record::{Log, Recorder},
};

/// A keyed digest of what the gateway says of itself, which names nothing. Nothing without a key, or when
/// the catalog could not be read.
pub(super) async fn fingerprint(world: &World, sink: &dyn Sink) -> Option<Digest> {
    let Some(Value::Secret(key)) = world.inputs.value("RUNINFRA_API_KEY") else {
        return None;
    };
    let log = Log::start();
    let recorder = Recorder::new(Arc::clone(&world.transport), log.clone());
    let mut client = Client::builder()
        .api_key(key.expose())
        .base_url(&world.base_url)
        .transport(Arc::new(recorder))
        .timeout(world.call_timeout);
    if let Some(retries) = world.most_retries {
        client = client.max_retries(retries);
    }
    let client = client.build().ok()?;
    admit(world, 1, sink).await;
    let answer = client.models().list().await;
    // The first of these two is how the run learns its budget before any row spends it.
    world.pace.learn(log.take().iter(), 0);
    let answer = answer.ok()?;
    let said = identity(answer.headers(), &answer.data);
    Some(world.key.digest(said.bytes()))
}

/// The server's name for itself, and the id and the owner of every model, in whatever order they are listed.
/// When a model was created is left out: there are servers that say the present.
fn identity(headers: &HeaderMap, models: &[Model]) -> Digest {
    let mut models: Vec<[&str; 2]> = models
        .iter()
        .map(|model| [model.id.as_str(), model.owned_by.as_str()])
        .collect();
    models.sort_unstable();
    let server = headers.get(SERVER).map_or(&b""[..], |name| name.as_bytes());
    let parts = models.iter().flatten().map(|text| text.as_bytes());
    Digest::of_parts(std::iter::once(server).chain(parts))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn model(id: &str, owner: &str, created: u64) -> Model {
        let entry = json!({"id": id, "object": "model", "created": created, "owned_by": owner});
        serde_json::from_value(entry).unwrap()
    }

    fn headers(list: &[(&'static str, &'static str)]) -> HeaderMap {
        let list = list.iter();
        list.map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
            .collect()
    }

    #[test]
    fn a_gateway_is_another_when_its_name_or_a_model_is() {
        let (a, b) = (model("a", "x", 1), model("b", "x", 1));
        let named = headers(&[("server", "gateway/1"), ("date", "today")]);
        let same = identity(&named, &[a.clone(), b.clone()]);
        let moved = [model("b", "x", 2), a.clone()];
        let later = headers(&[("server", "gateway/1"), ("date", "tomorrow")]);
        assert_eq!(identity(&later, &moved), same, "order and times");

        let renamed = headers(&[("server", "gateway/2")]);
        for (what, headers, models) in [
            ("its name", &renamed, vec![a.clone(), b.clone()]),
            ("no name", &HeaderMap::new(), vec![a.clone(), b.clone()]),
            ("one model less", &named, vec![a.clone()]),
            (
                "a model twice",
                &named,
                vec![a.clone(), a.clone(), b.clone()],
            ),
            ("another model", &named, vec![a.clone(), model("c", "x", 1)]),
            ("another owner", &named, vec![a.clone(), model("b", "y", 1)]),
            (
                "parts that join alike",
                &named,
                vec![a.clone(), model("bx", "", 1)],
            ),
        ] {
            assert_ne!(identity(headers, &models), same, "{what}");
        }
    }
}
