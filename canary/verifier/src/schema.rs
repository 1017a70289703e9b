//! JSON Schemas of what is read and written, made from the types.
//!
//! A schema says what a document looks like; the reader demands more (one spelling, no key twice,
//! printable ASCII), and the rules more still.

use canary_core::{challenge::Challenge, report::v1::Report};
use schemars::schema_for;
use serde_json::{Value, json};

use crate::Verdict;

/// A document that has a schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Document {
    /// The report of a preflight.
    Readiness,
    /// The report of a run.
    Live,
    /// What the verifier says.
    Verdict,
    /// What a run may have to answer.
    Challenge,
}

impl Document {
    /// Every document.
    pub const ALL: [Self; 4] = [Self::Readiness, Self::Live, Self::Verdict, Self::Challenge];

    /// Its name, as in `NAME.schema.json`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Readiness => "readiness",
            Self::Live => "live",
            Self::Verdict => "verdict",
            Self::Challenge => "challenge",
        }
    }

    /// Its schema.
    pub fn schema(self) -> Value {
        let mut schema = match self {
            Self::Readiness => readiness(),
            Self::Live => live(),
            Self::Verdict => schema_for!(Verdict).to_value(),
            Self::Challenge => schema_for!(Challenge).to_value(),
        };
        schema["title"] = json!(format!("RunInfra canary {}, version 1", self.name()));
        schema["properties"]["schemaVersion"] = json!({ "const": 1 });
        schema
    }
}

/// A readiness report has no run and no lanes.
fn readiness() -> Value {
    let mut schema = schema_for!(Report).to_value();
    if let Some(properties) = schema["properties"].as_object_mut() {
        properties.remove("run");
        properties.insert("kind".to_owned(), json!({ "const": "readiness" }));
        let parity = json!({ "const": { "status": "not_run" } });
        properties.insert("parity".to_owned(), parity);
        let reports = json!({ "type": "array", "maxItems": 0 });
        properties.insert("reports".to_owned(), reports);
    }
    drop_unused(&mut schema);
    schema
}

/// A live report has both.
fn live() -> Value {
    let mut schema = schema_for!(Report).to_value();
    schema["properties"]["kind"] = json!({ "const": "live" });
    schema["properties"]["run"] = json!({ "$ref": "#/$defs/Run" });
    schema["properties"]["reports"]["minItems"] = json!(1);
    if let Some(required) = schema["required"].as_array_mut() {
        required.push(json!("run"));
    }
    drop_unused(&mut schema);
    schema
}

/// Takes out definitions that nothing refers to any more, until none is left.
fn drop_unused(schema: &mut Value) {
    loop {
        let text = schema.to_string();
        let Some(definitions) = schema["$defs"].as_object_mut() else {
            return;
        };
        let before = definitions.len();
        definitions.retain(|name, _| text.contains(&format!("\"#/$defs/{name}\"")));
        if definitions.len() == before {
            return;
        }
    }
}
