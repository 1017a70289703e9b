//! Chat completions and Responses.

use serde_json::{Value, json};

use super::{Prober, With};

pub(super) fn weather() -> Value {
    json!([{"type": "function", "function": {"name": "get_weather", "description": "Weather of a city", "parameters":
        {"type": "object", "properties": {"city": {"type": "string"}, "days": {"type": "integer"}}, "required": ["city", "days"]}}}])
}

fn schema() -> Value {
    json!({"type": "json_schema", "json_schema": {"name": "probe", "schema": {"type": "object",
        "properties": {"mood": {"enum": ["calm", "wild"]}, "level": {"type": "integer"}}, "required": ["mood", "level"], "additionalProperties": false}}})
}

/// Texts in which white space and special characters matter.
async fn exact_texts(prober: &mut Prober<'_>) {
    for (name, text) in [
        ("spaced", "Reply with exactly: \"a  b   c\""),
        ("escaped", "Reply with exactly: \"a<b & c>d e\\f\""),
        ("indented", "Reply with exactly: \"   indented\""),
        (
            "lines",
            "Write the word alpha on one line and beta on the next line.",
        ),
        ("two lines", "Count from 1 to 3, one number per line."),
    ] {
        prober.chat(name, json!(text)).await;
    }
}

pub(super) async fn chat(prober: &mut Prober<'_>) {
    let models = prober.bench.gateway.models();
    prober
        .chat("nonce", json!("Reply with exactly: Nonce-7F3A"))
        .await;
    prober
        .chat("unicode", json!("Say \"Grüße aus Köln\""))
        .await;
    prober
        .chat(
            "limited",
            json!({"prompt": "Count from 1 to 50", "max_tokens": 4}),
        )
        .await;
    prober
        .chat(
            "limited by the newer name",
            json!({"prompt": "Count from 1 to 50", "max_completion_tokens": 4}),
        )
        .await;
    prober.chat("stopped", json!({"prompt": "Count from 1 to 50", "stop": ["30", "12"], "metadata": {"probe": "p-1", "Note": " spaced ", "none": ""}})).await;
    prober
        .chat(
            "stopped by one",
            json!({"prompt": "Count from 1 to 50", "stop": "12"}),
        )
        .await;
    let story = json!({"prompt": "Write a long story about a lighthouse.", "max_tokens": 90});
    for (name, field, value) in [
        ("warm", "temperature", json!(0.2)),
        ("nucleus", "top_p", json!(0.1)),
        ("seeded", "seed", json!(99)),
        ("penalised", "frequency_penalty", json!(2.0)),
        ("several", "n", json!(2)),
    ] {
        let mut body = story.clone();
        body[field] = value;
        prober.chat(name, body).await;
    }
    let turns = json!({"messages": [{"role": "system", "content": "End every answer with \"over\"."},
        {"role": "user", "content": "My code word is falcon-42."}, {"role": "assistant", "content": "Noted."}, {"role": "user", "content": "What is my code word?"}]});
    prober.chat("conversation", turns).await;
    let parts = json!({"messages": [{"role": "user", "content": [{"type": "text", "text": "Follow the next part."}, {"type": "text", "text": "Say exactly: second-part-2"}]}]});
    prober.chat("parts", parts).await;
    conversations(prober).await;
    exact_texts(prober).await;
    long_prompts(prober).await;
    functions(prober).await;
    prober.chat("object", json!({"prompt": "Return a JSON object with key a set to 1.", "response_format": {"type": "json_object"}})).await;
    prober
        .chat(
            "schema",
            json!({"prompt": "Be wild at level 4.", "response_format": schema()}),
        )
        .await;
    let blue = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPj/HwADAgH/p9QGdwAAAABJRU5ErkJggg==";
    let look = json!({"model": models.vision, "messages": [{"role": "user", "content": [{"type": "text", "text": "What size is this image?"},
        {"type": "image_url", "image_url": {"url": format!("data:image/png;base64,{blue}")}}]}]});
    prober.chat("vision", look).await;
    prober
        .chat("alike one", json!("Tell me about the red boats."))
        .await;
    streams(prober).await;
    prober
        .chat("not streamed", json!({"prompt": "Say hi", "stream": false}))
        .await;
    prober
        .chat(
            "long",
            json!({"prompt": "Count from 1 to 100", "max_tokens": 150}),
        )
        .await;
    let body = prober.bench.chat(json!("Say hi"));
    on_pipeline(prober, "/chat/completions", body).await;
}

async fn streams(prober: &mut Prober<'_>) {
    prober.chat("stream", json!({"prompt": "Count from 1 to 20", "stream": true, "stream_options": {"include_usage": true}})).await;
    prober
        .chat(
            "stream limited",
            json!({"prompt": "Count from 1 to 20 in words", "stream": true, "max_tokens": 9}),
        )
        .await;
    for (name, text) in [
        (
            "stream spaced",
            "Reply with exactly: \"a  b   c d e f g h i j k l m n o p\"",
        ),
        (
            "stream escaped",
            "Reply with exactly: \"Grüße a<b & c>d e f g h i j k l m n o\"",
        ),
        ("stream lines", "Count from 1 to 16, one number per line."),
        ("stream long", "Count from 1 to 80"),
    ] {
        prober
            .chat(name, json!({"prompt": text, "stream": true}))
            .await;
    }
    let several = json!({"prompt": "Count from 1 to 9", "stream": true, "n": 2});
    prober.chat("stream several", several).await;
    let mut streamed = question();
    streamed["stream"] = true.into();
    prober.chat("stream tools", streamed).await;
    let ruled = json!({"stream": true, "stream_options": {"include_usage": true}, "messages": [
        {"role": "system", "content": "Always end your reply with the word heron."}, {"role": "user", "content": "What is the capital of France?"}]});
    prober.chat("stream ruled", ruled).await;
}

fn question() -> Value {
    json!({"prompt": "What is the weather in Paris for 3 days?", "tools": weather()})
}

async fn functions(prober: &mut Prober<'_>) {
    let tools = question();
    prober.chat("tools", tools.clone()).await;
    let mut none = tools.clone();
    none["tool_choice"] = "none".into();
    prober.chat("no tool", none).await;
    for (name, choice) in [
        ("required", json!("required")),
        (
            "named",
            json!({"type": "function", "function": {"name": "get_weather"}}),
        ),
    ] {
        let body = json!({"prompt": "Say hello.", "tools": weather(), "tool_choice": choice});
        prober.chat(name, body).await;
    }
    let result = json!({"tools": weather(), "messages": [{"role": "user", "content": "What is the weather in Paris?"},
        {"role": "assistant", "tool_calls": [{"id": "call_1", "type": "function", "function": {"name": "get_weather", "arguments": "{}"}}]},
        {"role": "tool", "tool_call_id": "call_1", "content": "rain, 9 degrees"}]});
    prober.chat("tool result", result).await;
}

/// Conversations of many turns, and one with a developer's message.
async fn conversations(prober: &mut Prober<'_>) {
    let mut turns = vec![
        json!({"role": "user", "content": "My code word is falcon-42."}),
        json!({"role": "assistant", "content": "Noted."}),
    ];
    for _ in 0..3 {
        turns.push(json!({"role": "user", "content": "How are you?"}));
        turns.push(json!({"role": "assistant", "content": "Well."}));
    }
    turns.push(json!({"role": "user", "content": "What is my code word?"}));
    prober.chat("many turns", json!({"messages": turns})).await;
    let ruled = json!({"messages": [{"role": "developer", "content": "Always end your reply with the word heron."},
        {"role": "user", "content": "What is the capital of France?"}]});
    prober.chat("developer", ruled).await;
}

/// The pipeline's own route, plain and streamed.
async fn on_pipeline(prober: &mut Prober<'_>, path: &str, body: Value) {
    let gateway = &prober.bench.gateway;
    let with = With {
        key: Some(gateway.pipeline_key()),
        pipeline: Some(gateway.pipeline_id()),
        ..With::default()
    };
    let mut streamed = body.clone();
    streamed["stream"] = true.into();
    prober.send("on a pipeline", path, body, with).await;
    prober
        .send("stream on a pipeline", path, streamed, with)
        .await;
}

/// Prompts of some thousand characters, with what is asked for at the beginning, in the middle or at the end.
async fn long_prompts(prober: &mut Prober<'_>) {
    let filler = "The lamp turns once in ten seconds and is seen for twenty miles. ".repeat(24);
    let recall = "My code word is falcon-42.";
    for (name, text) in [
        ("long head", format!("{recall} {filler}{filler}")),
        ("long middle", format!("{filler}{recall} {filler}")),
        ("long tail", format!("{filler}{filler}{recall}")),
    ] {
        let turns = json!({"messages": [{"role": "user", "content": text}, {"role": "assistant", "content": "My own code word is heron-7."},
            {"role": "user", "content": "What is my code word?"}]});
        prober.chat(name, turns).await;
    }
    let own = json!({"messages": [{"role": "user", "content": "Choose a code word."}, {"role": "assistant", "content": "The code word is heron-7."},
        {"role": "user", "content": "What is the code word?"}]});
    prober.chat("own words", own).await;
}

pub(super) async fn responses(prober: &mut Prober<'_>) {
    let model = prober.bench.gateway.models().llm;
    let story = "Write a long story about a lighthouse.";
    let bodies = [
        (
            "plain",
            json!({"model": model, "input": "Count from 1 to 9", "instructions": "End every answer with \"over\"."}),
        ),
        (
            "limited",
            json!({"model": model, "input": story, "max_output_tokens": 20, "temperature": 0.1}),
        ),
        (
            "array",
            json!({"model": model, "input": [{"role": "user", "content": "My code word is falcon-42."}, {"role": "user", "content": "What is my code word?"}]}),
        ),
        (
            "tools",
            json!({"model": model, "input": "What is the weather in Paris for 3 days?", "tools": weather()}),
        ),
        (
            "no tool",
            json!({"model": model, "input": "What is the weather in Paris?", "tools": weather(), "tool_choice": "none"}),
        ),
        (
            "schema",
            json!({"model": model, "input": "Be wild at level 4.", "response_format": schema()}),
        ),
        (
            "state",
            json!({"model": model, "input": "hi", "previous_response_id": "resp_1"}),
        ),
        (
            "stream",
            json!({"model": model, "input": "Count from 1 to 9", "stream": true}),
        ),
        (
            "array instructed",
            json!({"model": model, "instructions": "End every answer with \"over\".", "input": [{"role": "user", "content": "Choose a code word."},
                {"role": "assistant", "content": "The code word is heron-7."}, {"role": "user", "content": "What is the code word?"}]}),
        ),
        (
            "long",
            json!({"model": model, "input": "The lamp turns once in ten seconds and is seen for twenty miles. ".repeat(24) + "Say hi"}),
        ),
        (
            "stream instructed",
            json!({"model": model, "input": "Count from 1 to 9", "instructions": "End every answer with \"over\".", "stream": true}),
        ),
        (
            "stream limited",
            json!({"model": model, "input": story, "stream": true, "max_output_tokens": 7}),
        ),
        (
            "tools, streamed",
            json!({"model": model, "input": "What is the weather in Paris for 3 days?", "tools": weather(), "stream": true}),
        ),
    ];
    for (name, body) in bodies {
        prober.send(name, "/responses", body, With::default()).await;
    }
    let body = json!({"model": model, "input": "Say hi"});
    on_pipeline(prober, "/responses", body).await;
}
