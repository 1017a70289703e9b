//! `tools`, `tool_choice` and `response_format`, as chat and Responses both take them.

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::catalog::{Capability, Model};
use crate::envelope::{ApiError, clip};
use crate::model::text::{Format, Task, Tool, ToolChoice, can_fill};
use crate::routes::require;

/// Tools that only the original vendor hosts (CONTRACT §1, "Parameters").
const HOSTED: [&str; 8] = [
    "web_search",
    "web_search_preview",
    "file_search",
    "computer_use",
    "computer_use_preview",
    "code_interpreter",
    "image_generation",
    "mcp",
];

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Function {
    name: String,
    description: Option<String>,
    parameters: Option<Value>,
    strict: Option<bool>,
}

/// Reads `tools`. Both layouts are taken: nested under `function`, and flat as Responses has it.
pub(super) fn tools(sent: Option<Vec<Value>>, model: &Model) -> Result<Vec<Tool>, ApiError> {
    let sent = sent.unwrap_or_default();
    let tools = sent
        .into_iter()
        .enumerate()
        .map(|(index, tool)| read_tool(tool, &format!("tools[{index}]")))
        .collect::<Result<Vec<_>, _>>()?;
    if !tools.is_empty() {
        require(model, Capability::Tools, "tools", "tools")?;
    }
    Ok(tools)
}

fn read_tool(tool: Value, at: &str) -> Result<Tool, ApiError> {
    let Value::Object(mut tool) = tool else {
        return Err(ApiError::invalid("invalid_type", format!("`{at}` is not an object.")).at(at));
    };
    let kind = tool.remove("type");
    let kind = kind.as_ref().and_then(Value::as_str).unwrap_or_default();
    if HOSTED.iter().any(|hosted| kind.starts_with(hosted)) {
        return Err(ApiError::invalid(
            "unsupported_parameter",
            format!(
                "The hosted tool `{}` is not available. Define a function and run it yourself.",
                clip(kind)
            ),
        )
        .at(at));
    }
    if kind != "function" {
        return Err(
            ApiError::invalid("invalid_type", format!("`{at}.type` must be `function`."))
                .at(format!("{at}.type")),
        );
    }
    let definition = match tool.remove("function") {
        Some(nested) if tool.is_empty() => nested,
        Some(_) => {
            return Err(ApiError::invalid(
                "unknown_parameter",
                format!("`{at}` holds more than `type` and `function`."),
            )
            .at(at));
        }
        None => Value::Object(tool),
    };
    let function: Function = serde_json::from_value(definition).map_err(|error| {
        ApiError::invalid(
            "invalid_type",
            format!(
                "`{at}.function` does not fit: {}.",
                clip(&error.to_string())
            ),
        )
        .at(format!("{at}.function"))
    })?;
    let named = !function.name.is_empty()
        && function.name.len() <= 64
        && function
            .name
            .chars()
            .all(|character| character.is_ascii_alphanumeric() || "_-".contains(character));
    if !named {
        return Err(ApiError::invalid(
            "invalid_function_name",
            format!("`{at}.function.name` must be 1 to 64 letters, digits, `_` or `-`."),
        )
        .at(format!("{at}.function.name")));
    }
    let parameters = function.parameters.unwrap_or(Value::Null);
    if !parameters.is_null() {
        compile(&parameters, &format!("{at}.function.parameters"))?;
    }
    let _ = function.strict;
    Ok(Tool {
        name: function.name,
        description: function.description.unwrap_or_default(),
        parameters,
    })
}

/// Reads `tool_choice`: `none`, `auto`, `required`, or one function by name.
pub(super) fn choice(sent: Option<Value>, tools: &[Tool]) -> Result<ToolChoice, ApiError> {
    let bad =
        |why: &str| ApiError::invalid("invalid_tool_choice", why.to_owned()).at("tool_choice");
    let Some(sent) = sent else {
        return Ok(ToolChoice::Auto);
    };
    let choice = match &sent {
        Value::String(word) => match word.as_str() {
            "none" => ToolChoice::None,
            "auto" => ToolChoice::Auto,
            "required" => ToolChoice::Required,
            _ => {
                return Err(bad(
                    "`tool_choice` must be `none`, `auto`, `required`, or name a function.",
                ));
            }
        },
        Value::Object(_) => {
            let name = sent
                .pointer("/function/name")
                .or_else(|| sent.get("name"))
                .and_then(Value::as_str)
                .ok_or_else(|| bad("`tool_choice` names no function."))?;
            ToolChoice::Named(name.to_owned())
        }
        _ => return Err(bad("`tool_choice` must be a string or an object.")),
    };
    match &choice {
        ToolChoice::Named(name) if !tools.iter().any(|tool| tool.name == *name) => Err(bad(
            "`tool_choice` names a function that `tools` does not define.",
        )),
        ToolChoice::Required | ToolChoice::Named(_) if tools.is_empty() => {
            Err(bad("`tool_choice` asks for a call, but `tools` is empty."))
        }
        _ => Ok(choice),
    }
}

#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum ResponseFormat {
    Text,
    JsonObject,
    JsonSchema { json_schema: NamedSchema },
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NamedSchema {
    name: String,
    description: Option<String>,
    schema: Option<Map<String, Value>>,
    strict: Option<bool>,
}

/// Reads `response_format` into the task. A schema that is none is 422; one that the model finds no value for is 400.
pub(super) fn format(
    sent: Option<ResponseFormat>,
    model: &Model,
    task: &mut Task,
) -> Result<(), ApiError> {
    const AT: &str = "response_format.json_schema.schema";
    let (format, schema) = match sent {
        None | Some(ResponseFormat::Text) => return Ok(()),
        Some(ResponseFormat::JsonObject) => (Format::JsonObject, None),
        Some(ResponseFormat::JsonSchema { json_schema }) => {
            let _ = (json_schema.description, json_schema.strict);
            if json_schema.name.trim().is_empty() {
                return Err(ApiError::invalid(
                    "missing_required_parameter",
                    "`response_format.json_schema.name` is blank.",
                )
                .at("response_format.json_schema.name"));
            }
            let schema = Value::Object(json_schema.schema.unwrap_or_default());
            (Format::JsonSchema(schema.clone()), Some(schema))
        }
    };
    require(
        model,
        Capability::StructuredOutput,
        "structured output",
        "response_format",
    )?;
    if let Some(schema) = schema {
        let validator = compile(&schema, AT)?;
        if !can_fill(task, &schema, &validator) {
            return Err(ApiError::invalid(
                "unsupported_schema",
                format!(
                    "`{}` finds no value for this schema. Use fewer combined constraints.",
                    model.id
                ),
            )
            .at(AT));
        }
    }
    task.format = format;
    Ok(())
}

fn compile(schema: &Value, at: &str) -> Result<jsonschema::Validator, ApiError> {
    let malformed = |why: String| {
        ApiError::unprocessable(
            "invalid_json_schema",
            format!("`{at}` is not a valid JSON Schema: {}.", clip(&why)),
        )
        .at(at)
    };
    if !schema.is_object() {
        return Err(malformed("it is not an object".to_owned()));
    }
    jsonschema::validator_for(schema).map_err(|error| malformed(error.to_string()))
}
