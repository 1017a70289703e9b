//! The operations that a row may call, and the parameters each takes.

/// One operation of the vocabulary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Operation {
    /// As written in a row.
    pub name: &'static str,
    /// The SDK operation that it exercises; [`None`] for raw requests.
    pub surface: Option<&'static str>,
    /// Parameters it must have.
    pub required: &'static [&'static str],
    /// Parameters it may have.
    pub optional: &'static [&'static str],
    /// Whether it can only be driven without a gateway.
    pub local_only: bool,
    /// Whether it streams.
    pub streams: bool,
    /// What it does.
    pub about: &'static str,
}

impl Operation {
    /// The operation of that name.
    pub fn find(name: &str) -> Option<&'static Self> {
        OPERATIONS.iter().find(|operation| operation.name == name)
    }

    /// Whether any operation on a gateway may have a parameter of this name.
    pub fn any_takes(parameter: &str) -> bool {
        OPERATIONS
            .iter()
            .filter(|operation| operation.surface.is_some() && !operation.local_only)
            .any(|operation| {
                operation.optional.contains(&parameter)
                    || operation.streams && parameter == "stream"
            })
    }

    /// Every parameter, required ones first.
    pub fn parameters(&self) -> impl Iterator<Item = &'static str> {
        self.required.iter().chain(self.optional).copied()
    }
}

/// Every operation there is.
pub fn operations() -> &'static [Operation] {
    OPERATIONS
}

const PLAIN: Operation = Operation {
    name: "",
    surface: None,
    required: &[],
    optional: &[],
    local_only: false,
    streams: false,
    about: "",
};

const CHAT: &[&str] = &[
    "temperature",
    "top_p",
    "n",
    "max_tokens",
    "max_completion_tokens",
    "stop",
    "presence_penalty",
    "frequency_penalty",
    "seed",
    "user",
    "metadata",
    "tools",
    "tool_choice",
    "parallel_tool_calls",
    "response_format",
    "stream_options",
    "logit_bias",
    "logprobs",
    "top_logprobs",
    "service_tier",
    "store",
    "prediction",
    "strict_params",
    "extra_body",
];

const RESPONSES: &[&str] = &[
    "instructions",
    "max_output_tokens",
    "temperature",
    "top_p",
    "response_format",
    "tools",
    "tool_choice",
    "metadata",
    "user",
    "strict_params",
    "extra_body",
];

const OPERATIONS: &[Operation] = &[
    Operation {
        name: "models.list",
        surface: Some("models.list"),
        about: "Lists the catalog.",
        ..PLAIN
    },
    Operation {
        name: "models.retrieve",
        surface: Some("models.retrieve"),
        required: &["model"],
        about: "Reads one entry of the catalog.",
        ..PLAIN
    },
    Operation {
        name: "models.walk",
        surface: Some("models.retrieve"),
        about: "Lists the catalog and reads each of its entries, the first 32 at most.",
        ..PLAIN
    },
    Operation {
        name: "chat.completions.create",
        surface: Some("chat.completions.create"),
        required: &["model", "messages"],
        optional: CHAT,
        about: "A chat completion, answered at once.",
        ..PLAIN
    },
    Operation {
        name: "chat.completions.stream",
        surface: Some("chat.completions.stream"),
        required: &["model", "messages"],
        optional: CHAT,
        streams: true,
        about: "A chat completion, answered as a stream.",
        ..PLAIN
    },
    Operation {
        name: "chat.completions.walk",
        surface: Some("chat.completions.create"),
        required: &["messages", "tools", "tool_choice"],
        optional: &["max_tokens", "except"],
        about: "Lists the catalog and asks each of its models but those of `except`, the first 4 at most, for a chat completion.",
        ..PLAIN
    },
    Operation {
        name: "responses.create",
        surface: Some("responses.create"),
        required: &["model", "input"],
        optional: RESPONSES,
        about: "A response, answered at once.",
        ..PLAIN
    },
    Operation {
        name: "responses.stream",
        surface: Some("responses.stream"),
        required: &["model", "input"],
        optional: RESPONSES,
        streams: true,
        about: "A response, answered as a stream.",
        ..PLAIN
    },
    Operation {
        name: "embeddings.create",
        surface: Some("embeddings.create"),
        required: &["model", "input"],
        optional: &[
            "encoding_format",
            "dimensions",
            "user",
            "strict_params",
            "extra_body",
        ],
        about: "Embeddings of one or more texts.",
        ..PLAIN
    },
    Operation {
        name: "images.generate",
        surface: Some("images.generate"),
        required: &["model", "prompt"],
        optional: &[
            "n",
            "size",
            "response_format",
            "quality",
            "style",
            "user",
            "strict_params",
            "extra_body",
        ],
        about: "Images from a prompt; those answered as a URL are fetched, without the key.",
        ..PLAIN
    },
    Operation {
        name: "audio.speech.create",
        surface: Some("audio.speech.create"),
        required: &["model", "input"],
        optional: &[
            "voice",
            "ref_audio",
            "ref_text",
            "task_type",
            "response_format",
            "speed",
            "strict_params",
            "extra_body",
        ],
        about: "Speech from a text, read as bytes.",
        ..PLAIN
    },
    Operation {
        name: "audio.speech.stream",
        surface: Some("audio.speech.create"),
        required: &["model", "input"],
        optional: &[
            "voice",
            "ref_audio",
            "ref_text",
            "task_type",
            "response_format",
            "speed",
            "strict_params",
            "extra_body",
        ],
        about: "Speech from a text, read as a byte stream.",
        ..PLAIN
    },
    Operation {
        name: "audio.transcriptions.create",
        surface: Some("audio.transcriptions.create"),
        required: &["model", "file"],
        optional: &[
            "filename",
            "content_type",
            "language",
            "prompt",
            "temperature",
            "response_format",
        ],
        about: "A transcript of an audio file.",
        ..PLAIN
    },
    Operation {
        name: "voice.pipeline.create",
        surface: Some("voice.pipeline.create"),
        required: &["audio"],
        optional: &["content_type"],
        about: "Audio through a voice pipeline.",
        ..PLAIN
    },
    Operation {
        name: "webhooks.verify_signature",
        surface: Some("webhooks.verify_signature"),
        required: &["payload", "secret", "timestamp"],
        optional: &["header", "signed_payload", "signing_secret", "now", "face"],
        local_only: true,
        about: "Verifies a webhook's signature, through the client or (`face = \"free\"`) the free function.",
        ..PLAIN
    },
    Operation {
        name: "webhooks.construct_event",
        surface: Some("webhooks.construct_event"),
        required: &["payload", "secret", "timestamp"],
        optional: &["header", "signed_payload", "signing_secret", "now", "face"],
        local_only: true,
        about: "Verifies and parses a webhook, through the client or (`face = \"free\"`) the free function.",
        ..PLAIN
    },
    Operation {
        name: "sdk.document",
        surface: None,
        required: &["kind", "document"],
        local_only: true,
        about: "Reads a request document of a kind (an operation's name) as the SDK's typed request and sends it.",
        ..PLAIN
    },
    Operation {
        name: "sdk.source",
        surface: None,
        optional: &["text"],
        local_only: true,
        about: "Reads the SDK's root source file (or `text`) and is refused unless a wasm build of it is.",
        ..PLAIN
    },
    Operation {
        name: "raw.request",
        surface: None,
        required: &["method", "path"],
        optional: &[
            "headers",
            "json",
            "text",
            "base64",
            "form",
            "authorized",
            "lose",
        ],
        about: "One HTTP request past the SDK's guards; with `lose`, the answer is dropped unread once its head has come.",
        ..PLAIN
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_rows_can_call_is_this() {
        let line = |operation: &Operation| {
            let Operation {
                name,
                surface,
                required,
                optional,
                local_only,
                streams,
                about,
            } = operation;
            let (required, optional) = (required.join(" "), optional.join(" "));
            format!(
                "{name} ({})\n  {about}\n  required: {required}\n  optional: {optional}\n  local only: {local_only}, streams: {streams}\n",
                surface.unwrap_or("no surface"),
            )
        };
        let all: String = operations().iter().map(line).collect();
        insta::assert_snapshot!(all);
    }

    #[test]
    fn a_gateways_parameter_is_told_from_a_word_of_the_harness() {
        for of_a_gateway in [
            "temperature",
            "stream",
            "voice",
            "encoding_format",
            "language",
        ] {
            assert!(Operation::any_takes(of_a_gateway), "{of_a_gateway}");
        }
        // Required ones are no choice; the rest stands in calls that reach no gateway, or past the SDK.
        for other in [
            "model", "messages", "payload", "now", "kind", "headers", "lose", "",
        ] {
            assert!(!Operation::any_takes(other), "{other}");
        }
    }

    #[test]
    fn every_operation_is_there_once_and_says_what_it_does() {
        for operation in operations() {
            assert_eq!(
                operations()
                    .iter()
                    .filter(|other| other.name == operation.name)
                    .count(),
                1
            );
            assert!(operation.about.ends_with('.'), "{}", operation.name);
            for reserved in super::super::call::RESERVED {
                assert!(
                    !operation.parameters().any(|name| name == *reserved),
                    "{}: {reserved}",
                    operation.name
                );
            }
        }
    }
}
