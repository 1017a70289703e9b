//! `GET /models` and `GET /models/{id}`.

use serde::Serialize;

use crate::catalog::{self, CATALOG, Capability, Modality, Model};
use crate::envelope::ApiError;
use crate::reply::Reply;

#[derive(Serialize)]
struct List<'a> {
    object: &'static str,
    data: Vec<Object<'a>>,
}

#[derive(Serialize)]
#[expect(clippy::struct_field_names, reason = "the wire's names")]
struct Object<'a> {
    id: &'a str,
    object: &'static str,
    created: u64,
    owned_by: &'a str,
    modality: Modality,
    capabilities: &'a [Capability],
}

impl From<&'static Model> for Object<'static> {
    fn from(model: &'static Model) -> Self {
        Self {
            id: model.id,
            object: "model",
            created: model.created,
            owned_by: model.owned_by,
            modality: model.modality,
            capabilities: model.capabilities,
        }
    }
}

pub(super) fn list() -> Reply {
    Reply::ok(&List {
        object: "list",
        data: CATALOG.iter().map(Object::from).collect(),
    })
}

pub(super) fn retrieve(id: &str) -> Result<Reply, ApiError> {
    let model = catalog::find(id).ok_or_else(|| ApiError::model_not_found(id))?;
    Ok(Reply::ok(&Object::from(model)))
}
