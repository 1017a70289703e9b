//! A run as one page that loads nothing: no script, no font, no picture, no other file.

use minijinja::{
    Environment, Error, UndefinedBehavior, context, syntax::SyntaxConfig, value::Serde,
};

use super::told::Told;

/// The name ends in `.html`, which makes the engine escape every value.
const TEMPLATE: &str = "run.html";

/// The page.
pub fn render(told: &Told) -> Result<String, Error> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    let syntax = SyntaxConfig::builder()
        .trim_blocks(true)
        .lstrip_blocks(true)
        .keep_trailing_newline(true)
        .build()?;
    environment.set_syntax(syntax);
    environment.add_template(TEMPLATE, include_str!("templates/run.html"))?;
    environment.get_template(TEMPLATE)?.render(context! {
        headline => told.headline(),
        started_at => told.started_at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true),
        told => Serde(told),
    })
}
