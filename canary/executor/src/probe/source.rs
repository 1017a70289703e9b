//! What the SDK's own source says about builds for a browser. A key in a wasm module belongs to
//! whoever loads the page, so such a build must not exist; and since it does not, no test of ours
//! can run in one.

use serde_json::Value;
use syn::{Attribute, File, Item, Meta, punctuated::Punctuated, token::Comma};

use super::{Failure, drive::Drive};

/// The SDK's root source file, as this program was built with it.
const SDK_ROOT: &str = include_str!("../../../../sdk/src/lib.rs");

/// Succeeds when the crate cannot be compiled for any wasm target.
pub(super) fn wasm_is_refused(drive: &Drive<'_>) -> Result<(), Failure> {
    let source = drive
        .request
        .get("text")
        .and_then(Value::as_str)
        .unwrap_or(SDK_ROOT);
    if refuses_wasm(source) {
        Ok(())
    } else {
        Err(Failure::unfit())
    }
}

/// Whether a crate's root has a `compile_error!` that every wasm target meets.
fn refuses_wasm(source: &str) -> bool {
    syn::parse_file(source).is_ok_and(|file: File| {
        file.items.iter().any(|item| {
            let Item::Macro(item) = item else {
                return false;
            };
            let conditions: Vec<&Attribute> = item
                .attrs
                .iter()
                .filter(|attribute| attribute.path().is_ident("cfg"))
                .collect();
            item.mac.path.is_ident("compile_error")
                && conditions.iter().all(|attribute| {
                    attribute
                        .parse_args::<Meta>()
                        .is_ok_and(|meta| holds_on_wasm(&meta))
                })
        })
    })
}

/// Whether a `cfg` condition holds on every wasm target. What is not understood does not.
fn holds_on_wasm(condition: &Meta) -> bool {
    match condition {
        Meta::NameValue(pair) => {
            let syn::Expr::Lit(syn::ExprLit {
                lit: syn::Lit::Str(value),
                ..
            }) = &pair.value
            else {
                return false;
            };
            pair.path.is_ident("target_family") && value.value() == "wasm"
        }
        Meta::List(list) if list.path.is_ident("any") => list
            .parse_args_with(Punctuated::<Meta, Comma>::parse_terminated)
            .is_ok_and(|all| all.iter().any(holds_on_wasm)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guard_is_told_from_what_looks_like_one() {
        let table = [
            (SDK_ROOT, true),
            (
                "#[cfg(target_family = \"wasm\")] compile_error!(\"no\");",
                true,
            ),
            ("compile_error!(\"never\");", true),
            (
                "#[cfg(any(target_family = \"wasm\", windows))] compile_error!(\"no\");",
                true,
            ),
            (
                "#[cfg(all(target_family = \"wasm\", feature = \"x\"))] compile_error!(\"no\");",
                false,
            ),
            (
                "#[cfg(not(target_family = \"wasm\"))] compile_error!(\"no\");",
                false,
            ),
            (
                "#[cfg(target_family = \"unix\")] compile_error!(\"no\");",
                false,
            ),
            (
                "#[cfg(target_arch = \"wasm32\")] compile_error!(\"no\");",
                false,
            ),
            (
                "// #[cfg(target_family = \"wasm\")] compile_error!(\"no\");\nmod a;",
                false,
            ),
            (
                "mod a { #[cfg(target_family = \"wasm\")] compile_error!(\"no\"); }",
                false,
            ),
            ("not rust", false),
        ];
        for (source, refuses) in table {
            let start = source.get(..60).unwrap_or(source);
            assert_eq!(refuses_wasm(source), refuses, "{start}");
        }
    }
}
