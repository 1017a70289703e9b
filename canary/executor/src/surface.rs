//! The SDK's public operations, read from its sources by a Rust parser: what `client.` leads to.
//!
//! An *accessor* is a public method that takes nothing but the receiver and hands on another type
//! of the crate's resources (`client.chat()`, `.completions()`); every other public method of such
//! a type is an *operation* (`chat.completions.create`). A method and its `_with` form, which adds
//! per-request options, are one operation.

use std::collections::{BTreeMap, BTreeSet};

use syn::{FnArg, ImplItem, ImplItemFn, Item, ReturnType, Type, Visibility};

/// Where the crate keeps the types that operations hang on, and where the client is.
const RESOURCES: &str = "src/resources";
const CLIENT: &str = "src/client.rs";

/// Why the operations are not known.
#[derive(Debug, thiserror::Error)]
pub enum SurfaceError {
    /// A source file is not Rust.
    #[error("could not parse {file} of the SDK: {source}")]
    Parse {
        /// Path in the package.
        file: String,
        /// What the parser says.
        source: syn::Error,
    },
    /// A source file is not text.
    #[error("{0} of the SDK is not UTF-8")]
    NotText(String),
    /// Nothing was found, so the parser looked in the wrong place.
    #[error("no public operation was found in the SDK's sources")]
    Nothing,
}

/// A public method: its name, and the type it hands on when it is an accessor.
struct Method {
    name: String,
    leads_to: Option<String>,
}

/// The public operations of the SDK whose files these are, as `resource.operation`.
pub fn operations(files: &[(&str, &[u8])]) -> Result<BTreeSet<String>, SurfaceError> {
    let mut types: BTreeMap<String, Vec<Method>> = BTreeMap::new();
    for (name, bytes) in files {
        let relevant = *name == CLIENT || name.starts_with(RESOURCES);
        if !relevant
            || std::path::Path::new(name)
                .extension()
                .is_none_or(|end| end != "rs")
        {
            continue;
        }
        let text =
            std::str::from_utf8(bytes).map_err(|_| SurfaceError::NotText((*name).to_owned()))?;
        let parsed = syn::parse_file(text).map_err(|source| SurfaceError::Parse {
            file: (*name).to_owned(),
            source,
        })?;
        parsed
            .items
            .iter()
            .for_each(|item| collect(item, &mut types));
    }
    let mut found = BTreeSet::new();
    follow("Client", "", &types, &mut found);
    if found.is_empty() {
        Err(SurfaceError::Nothing)
    } else {
        Ok(found)
    }
}

fn collect(item: &Item, types: &mut BTreeMap<String, Vec<Method>>) {
    let Item::Impl(block) = item else { return };
    // Trait methods are no operations.
    if block.trait_.is_some() {
        return;
    }
    let Some(name) = last_segment(&block.self_ty) else {
        return;
    };
    let methods = block.items.iter().filter_map(|item| match item {
        ImplItem::Fn(method) if matches!(method.vis, Visibility::Public(_)) => Some(read(method)),
        _ => None,
    });
    types.entry(name).or_default().extend(methods);
}

fn read(method: &ImplItemFn) -> Method {
    let only_receiver = matches!(
        method.sig.inputs.iter().collect::<Vec<_>>().as_slice(),
        [FnArg::Receiver(_)]
    );
    let returned = match &method.sig.output {
        ReturnType::Type(_, returned) if only_receiver && method.sig.asyncness.is_none() => {
            last_segment(returned)
        }
        _ => None,
    };
    Method {
        name: method.sig.ident.to_string(),
        leads_to: returned,
    }
}

fn last_segment(of: &Type) -> Option<String> {
    match of {
        Type::Path(path) => path
            .path
            .segments
            .last()
            .map(|segment| segment.ident.to_string()),
        _ => None,
    }
}

/// Follows accessors from a type, and notes every operation with the way to it.
fn follow(
    of: &str,
    way: &str,
    types: &BTreeMap<String, Vec<Method>>,
    found: &mut BTreeSet<String>,
) {
    let methods = types.get(of).map_or(&[][..], Vec::as_slice);
    for method in methods {
        let here = if way.is_empty() {
            method.name.clone()
        } else {
            format!("{way}.{}", method.name)
        };
        match &method.leads_to {
            Some(next) if next != of && types.contains_key(next) => {
                follow(next, &here, types, found);
            }
            // The client's own methods build and configure; what calls the gateway hangs below it.
            _ if way.is_empty() => {}
            _ => {
                found.insert(
                    here.strip_suffix("_with")
                        .map_or(here.clone(), str::to_owned),
                );
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operations_are_found_by_following_accessors() {
        let client = "impl Client { pub fn new() -> Self { Client } pub fn chat(&self) -> Chat<'_> { Chat } fn hidden(&self) -> Chat<'_> { Chat } }";
        let chat = "impl<'a> Chat<'a> { pub fn completions(self) -> Completions<'a> { x } }
            impl Completions<'_> {
                pub async fn create(self, r: R) -> Result<A, E> { x }
                pub async fn create_with(self, r: R, o: O) -> Result<A, E> { x }
                pub async fn list(self) -> Result<A, E> { x }
                pub(crate) fn helper(self) {}
            }
            impl Clone for Completions<'_> { fn clone(&self) -> Self { x } }";
        let files = [
            (CLIENT, client.as_bytes()),
            ("src/resources/chat.rs", chat.as_bytes()),
        ];
        let found: Vec<String> = operations(&files).unwrap().into_iter().collect();
        assert_eq!(found, ["chat.completions.create", "chat.completions.list"]);
    }

    #[test]
    fn sources_without_operations_are_an_error() {
        assert!(matches!(operations(&[]), Err(SurfaceError::Nothing)));
        assert!(matches!(
            operations(&[(CLIENT, b"impl {")]),
            Err(SurfaceError::Parse { .. })
        ));
    }
}
