//! How requests are put together in code: whatever a caller has at hand goes in as it is, and the wire shows the same.

use runinfra::types::*;
use serde_json::{Value, json};

use crate::operations::chat;

fn written(request: &impl serde::Serialize, member: &str) -> Value {
    serde_json::to_value(request).unwrap()[member].clone()
}

#[test]
fn one_text_or_several_go_in_as_they_are() {
    let (one, several) = (json!("a"), json!(["a", "b"]));
    let owned = || ["a".to_owned(), "b".to_owned()];
    let stops: [(Stop, &Value); 6] = [
        ("a".into(), &one),
        ("a".to_owned().into(), &one),
        (["a", "b"].into(), &several),
        (owned().into(), &several),
        (vec!["a", "b"].into(), &several),
        (owned().to_vec().into(), &several),
    ];
    for (stop, wanted) in stops {
        assert_eq!(written(&chat().stop(stop), "stop"), *wanted);
    }
    let inputs: [(EmbeddingInput, &Value); 6] = [
        ("a".into(), &one),
        ("a".to_owned().into(), &one),
        (["a", "b"].into(), &several),
        (owned().into(), &several),
        (vec!["a", "b"].into(), &several),
        (owned().to_vec().into(), &several),
    ];
    for (input, wanted) in inputs {
        assert_eq!(
            written(&EmbeddingRequest::new("m", input), "input"),
            *wanted
        );
    }
}

#[test]
fn messages_go_in_as_an_array_or_as_a_list() {
    let messages = || {
        [
            InputMessage::developer("Be brief."),
            InputMessage::user("x"),
        ]
    };
    let wanted =
        json!([{"role": "developer", "content": "Be brief."}, {"role": "user", "content": "x"}]);
    let items = messages().map(InputItem::Message).to_vec();
    let inputs: [ResponseInput; 3] = [messages().into(), messages().to_vec().into(), items.into()];
    for input in inputs {
        assert_eq!(written(&ResponseRequest::new("m", input), "input"), wanted);
    }
    let request = chat().message(ChatMessage::developer("Be brief."));
    assert_eq!(written(&request, "messages")[1], wanted[0]);
}

#[test]
fn a_format_is_named_and_not_spelled() {
    let format = ResponseFormat::json_object();
    assert_eq!(
        written(&chat().response_format(format.clone()), "response_format"),
        json!({"type": "json_object"})
    );
    let request = ResponseRequest::new("m", "x").response_format(format);
    assert_eq!(
        written(&request, "response_format"),
        json!({"type": "json_object"})
    );
}

#[test]
fn a_recording_is_put_into_a_request_read_from_a_document() {
    let request: VoicePipelineRequest = serde_json::from_value(json!({})).unwrap();
    let request = request.audio(b"ID3".to_vec()).content_type("audio/mpeg");
    assert_eq!(
        request,
        VoicePipelineRequest::new(b"ID3".to_vec(), "audio/mpeg")
    );
}
