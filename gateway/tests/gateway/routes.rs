//! Every other operation over real sockets.

use crate::support::{Answer, Bench, read};
use base64::Engine as _;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

async fn speak(bench: &Bench, text: &str, format: &str) -> Answer {
    let body = json!({"model": bench.gateway.models().tts, "input": text, "voice": "alloy", "response_format": format});
    bench.post("/audio/speech", &body).await
}

async fn transcribe(bench: &Bench, audio: Vec<u8>, mime: &str, fields: &[(&str, &str)]) -> Answer {
    let mut form = Form::new()
        .part(
            "file",
            Part::bytes(audio)
                .file_name("speech")
                .mime_str(mime)
                .unwrap(),
        )
        .text("model", bench.gateway.models().asr);
    for (name, value) in fields {
        form = form.text((*name).to_owned(), (*value).to_owned());
    }
    let request = bench
        .http
        .post(bench.url("/audio/transcriptions"))
        .bearer_auth(bench.gateway.api_key())
        .multipart(form);
    read(request.send().await.unwrap()).await
}

#[tokio::test]
async fn models_are_listed_and_retrieved() {
    let bench = Bench::conforming().await;
    let list = bench.get("/models").await.json();
    assert_eq!(list["object"], "list");
    for model in list["data"].as_array().unwrap() {
        let id = model["id"].as_str().unwrap();
        assert_eq!(&bench.get(&format!("/models/{id}")).await.json(), model);
    }
    let missing = bench.get("/models/none-such").await;
    assert_eq!(
        (missing.status, missing.json()["error"]["code"].clone()),
        (404, json!("model_not_found"))
    );
}

#[tokio::test]
async fn speech_comes_back_as_its_words() {
    let bench = Bench::conforming().await;
    for (format, mime) in [
        ("wav", "audio/wav"),
        ("mp3", "audio/mpeg"),
        ("flac", "audio/flac"),
    ] {
        let audio = speak(&bench, "nonce alpha 42", format).await;
        assert_eq!(audio.status, 200, "{format}");
        assert_eq!(audio.header("content-type"), Some(mime));
        let heard = transcribe(
            &bench,
            audio.body,
            mime,
            &[("response_format", "verbose_json"), ("language", "en")],
        )
        .await
        .json();
        assert_eq!(heard["text"], "nonce alpha 42", "{format}");
        assert!(heard["duration"].as_f64().unwrap() > 0.2);
        assert!(!heard["segments"].as_array().unwrap().is_empty());
    }
    let broken = transcribe(&bench, b"not audio at all".to_vec(), "audio/wav", &[]).await;
    assert_eq!(broken.status, 422);
}

#[tokio::test]
async fn the_voice_pipeline_hears_and_answers() {
    let bench = Bench::conforming().await;
    let audio = speak(&bench, "Say the word marmalade", "wav").await.body;
    let url = bench.url(&format!("/{}/pipeline", bench.gateway.pipeline_id()));
    let request = bench
        .http
        .post(url)
        .bearer_auth(bench.gateway.pipeline_key())
        .header("content-type", "audio/wav")
        .body(audio);
    let heard = read(request.send().await.unwrap()).await.json();
    assert_eq!(
        (heard["transcript"].clone(), heard["response_text"].clone()),
        (json!("Say the word marmalade"), json!("marmalade"))
    );
}

#[tokio::test]
async fn pictures_have_the_asked_size_in_both_formats() {
    let bench = Bench::conforming().await;
    let body = json!({"model": bench.gateway.models().image, "prompt": "a red circle", "size": "96x64", "response_format": "b64_json"});
    let inline = bench.post("/images/generations", &body).await.json();
    let png = base64::engine::general_purpose::STANDARD
        .decode(inline["data"][0]["b64_json"].as_str().unwrap())
        .unwrap();
    assert_eq!(
        (&png[16..20], &png[20..24]),
        (&96_u32.to_be_bytes()[..], &64_u32.to_be_bytes()[..])
    );
    let mut linked = body;
    linked["response_format"] = "url".into();
    let linked = bench.post("/images/generations", &linked).await.json();
    let fetched = bench
        .http
        .get(linked["data"][0]["url"].as_str().unwrap())
        .send()
        .await
        .unwrap();
    assert_eq!(fetched.bytes().await.unwrap(), png);
}

#[tokio::test]
async fn responses_answer_plain_and_streamed() {
    let bench = Bench::conforming().await;
    let model = bench.gateway.models().llm;
    let body = json!({"model": model, "input": "Count from 1 to 4", "instructions": "Be exact.", "metadata": {"probe": "p"}});
    let plain = bench.post("/responses", &body).await.json();
    assert_eq!(plain["output"][0]["content"][0]["text"], "1, 2, 3, 4");
    assert_eq!(
        (plain["status"].clone(), plain["metadata"]["probe"].clone()),
        (json!("completed"), json!("p"))
    );
    let mut streamed = body;
    streamed["stream"] = true.into();
    let streamed = bench.post("/responses", &streamed).await;
    let frames = streamed.frames();
    let kinds: Vec<&str> = frames
        .iter()
        .map(|frame| frame["type"].as_str().unwrap())
        .collect();
    assert_eq!(
        &kinds[..4],
        [
            "response.created",
            "response.in_progress",
            "response.output_item.added",
            "response.content_part.added"
        ]
    );
    assert_eq!(
        &kinds[kinds.len() - 4..],
        [
            "response.output_text.done",
            "response.content_part.done",
            "response.output_item.done",
            "response.completed"
        ]
    );
    for ((name, _), (frame, number)) in streamed.events().iter().zip(frames.iter().zip(0..)) {
        assert_eq!(frame["sequence_number"], json!(number));
        assert_eq!(frame["type"], json!(name));
    }
    let last = &frames.last().unwrap()["response"];
    assert_eq!(
        last["output"],
        json!([{"type": "message", "id": last["output"][0]["id"], "status": "completed", "role": "assistant",
        "content": [{"type": "output_text", "text": "1, 2, 3, 4", "annotations": []}]}])
    );
}

#[tokio::test]
async fn tools_are_called_with_fitting_arguments() {
    let bench = Bench::conforming().await;
    let tool = json!({"type": "function", "function": {"name": "get_weather", "description": "Current weather of a city",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}, "unit": {"type": "string", "enum": ["celsius", "fahrenheit"]}}, "required": ["city", "unit"]}}});
    let body = json!({"prompt": "What is the weather in Paris, in fahrenheit?", "tools": [tool]});
    let plain = bench.ask(body.clone()).await.json();
    let call = &plain["choices"][0]["message"]["tool_calls"][0];
    let arguments: Value =
        serde_json::from_str(call["function"]["arguments"].as_str().unwrap()).unwrap();
    assert_eq!(arguments, json!({"city": "Paris", "unit": "fahrenheit"}));
    assert_eq!(plain["choices"][0]["finish_reason"], "tool_calls");
    let mut streamed = body;
    streamed["stream"] = true.into();
    let frames = bench.ask(streamed).await.frames();
    let joined: String = frames
        .iter()
        .filter_map(|frame| {
            frame["choices"][0]["delta"]["tool_calls"][0]["function"]["arguments"].as_str()
        })
        .collect();
    assert_eq!(serde_json::from_str::<Value>(&joined).unwrap(), arguments);
    let base = bench.ask(json!({"model": bench.gateway.models().base, "prompt": "hi", "tools": [{"type": "function", "function": {"name": "f"}}]})).await;
    assert_eq!(base.status, 400);
    assert!(
        base.json()["error"]["message"]
            .as_str()
            .unwrap()
            .contains("tools")
    );
}

#[tokio::test]
async fn structured_output_fits_its_schema() {
    let bench = Bench::conforming().await;
    let schema = json!({"type": "object", "properties": {
        "nonce": {"type": "string"}, "count": {"type": "integer", "minimum": 2, "maximum": 9},
        "mood": {"enum": ["calm", "wild"]}, "tags": {"type": "array", "items": {"type": "string"}, "minItems": 2, "uniqueItems": true},
        "inner": {"type": "object", "properties": {"when": {"type": "string", "format": "date"}, "code": {"type": "string", "pattern": "^[A-Z]{2}\\d$"}}, "required": ["when", "code"]}},
        "required": ["nonce", "count", "mood", "tags", "inner"], "additionalProperties": false});
    let body = json!({"prompt": "Fill it: nonce is k9-77-x, mood wild, count 5.",
        "response_format": {"type": "json_schema", "json_schema": {"name": "probe", "schema": schema, "strict": true}}});
    let text = bench.ask(body).await.text();
    let value: Value = serde_json::from_str(&text).unwrap();
    assert!(jsonschema::is_valid(&schema, &value), "{value}");
    assert_eq!(
        (
            value["nonce"].clone(),
            value["mood"].clone(),
            value["count"].clone()
        ),
        (json!("k9-77-x"), json!("wild"), json!(5))
    );
    let object = bench.ask(json!({"prompt": "Return a JSON object with key token set to \"t-5-q\".", "response_format": {"type": "json_object"}})).await.text();
    assert_eq!(
        serde_json::from_str::<Value>(&object).unwrap(),
        json!({"token": "t-5-q"})
    );
    let bad = bench.ask(json!({"prompt": "x", "response_format": {"type": "json_schema", "json_schema": {"name": "p", "schema": {"type": "nonsense"}}}})).await;
    assert_eq!(bad.status, 422);
}

#[tokio::test]
async fn pictures_can_be_looked_at() {
    let bench = Bench::conforming().await;
    let picture = json!({"model": bench.gateway.models().image, "prompt": "a blue background", "size": "64x32", "response_format": "b64_json"});
    let data = bench.post("/images/generations", &picture).await.json()["data"][0]["b64_json"]
        .as_str()
        .unwrap()
        .to_owned();
    let content = |text: &str, data: &str| json!([{"type": "text", "text": text}, {"type": "image_url", "image_url": {"url": format!("data:image/png;base64,{data}")}}]);
    let ask = |model: &str, content: Value| json!({"model": model, "messages": [{"role": "user", "content": content}]});
    let models = bench.gateway.models();
    let seen = bench
        .ask(ask(
            models.vision,
            content("What size is this image?", &data),
        ))
        .await;
    assert_eq!(seen.text(), "64x32");
    assert_eq!(
        bench
            .ask(ask(models.llm, content("What is this?", &data)))
            .await
            .status,
        400
    );
    assert_eq!(
        bench
            .ask(ask(models.vision, content("What is this?", "AAAA")))
            .await
            .status,
        422
    );
}
