"""The published runinfra Python package against the embedded gateway."""

import base64
import hashlib
import hmac
import json
import os
import time
import urllib.request

import runinfra

base, key = os.environ["RUNINFRA_BASE_URL"], os.environ["RUNINFRA_API_KEY"]
client = runinfra.RunInfra(api_key=key, base_url=base, max_retries=0)
pipeline = runinfra.RunInfra(
    api_key=os.environ["RUNINFRA_PIPELINE_API_KEY"], base_url=base, pipeline_id=os.environ["RUNINFRA_PIPELINE_ID"], max_retries=0
)
passed = 0


def check(name, condition, shown=None):
    global passed
    assert condition, f"runinfra: {name}: {shown!r}"
    passed += 1


LLM = "llama-3.3-70b-instruct"
check("models.list", LLM in [model["id"] for model in client.models.list()["data"]])
check("models.retrieve", client.models.retrieve(LLM)["_request_id"])
chat = client.chat.completions.create(model=LLM, messages=[{"role": "user", "content": "Reply with exactly: nonce-ri-1"}], max_tokens=32)
check("chat", chat["choices"][0]["message"]["content"] == "nonce-ri-1", chat)
stream = client.chat.completions.create(model=LLM, messages=[{"role": "user", "content": "Count from 1 to 5"}], stream=True)
text = "".join(choice["delta"].get("content") or "" for chunk in stream for choice in chunk["choices"])
check("chat stream", text == "1, 2, 3, 4, 5" and stream.request_id, text)
tool = {
    "type": "function",
    "function": {"name": "get_weather", "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}},
}
asked = [{"role": "user", "content": "What is the weather in Paris?"}]
called = client.chat.completions.create(model=LLM, messages=asked, tools=[tool])["choices"][0]["message"]
check("tools", json.loads(called["tool_calls"][0]["function"]["arguments"]) == {"city": "Paris"}, called)
turns = [*asked, {"role": "assistant", "content": None, "tool_calls": called["tool_calls"]}, {"role": "tool", "tool_call_id": called["tool_calls"][0]["id"], "content": "rain"}]
answered = client.chat.completions.create(model=LLM, messages=turns, tools=[tool], tool_choice="auto")
check("tool result", "rain" in answered["choices"][0]["message"]["content"], answered)
pieces = client.chat.completions.create(model=LLM, messages=asked, tools=[tool], stream=True, stream_options={"include_usage": True})
arguments, usage = "", None
for chunk in pieces:
    usage = chunk.get("usage") or usage
    for choice in chunk["choices"]:
        arguments += "".join(call["function"].get("arguments") or "" for call in choice["delta"].get("tool_calls") or [])
check("tools stream", json.loads(arguments) == {"city": "Paris"} and usage["total_tokens"] > 0, (arguments, usage))
limits = client.chat.completions.create(
    model=LLM, messages=[{"role": "user", "content": "Count from 1 to 50"}], max_tokens=5, stop=["40"], temperature=0.5, top_p=0.9,
    presence_penalty=0.1, frequency_penalty=0.1, seed=7, user="u", metadata={"probe": "1"}, logprobs=True, top_logprobs=1, extra_body={"n": 2},
)
check("chat parameters", [choice["finish_reason"] for choice in limits["choices"]] == ["length"] * 2 and limits["metadata"] == {"probe": "1"}, limits)
loose = client.chat.completions.create(
    model=LLM, messages=[{"role": "user", "content": "Return JSON with key ok set to true."}], response_format={"type": "json_object"}
)
check("json_object", json.loads(loose["choices"][0]["message"]["content"]) == {"ok": True}, loose)
schema = {"type": "object", "properties": {"level": {"type": "integer"}}, "required": ["level"], "additionalProperties": False}
shaped = client.chat.completions.create(
    model=LLM,
    messages=[{"role": "user", "content": "The level is 4."}],
    response_format={"type": "json_schema", "json_schema": {"name": "probe", "schema": schema}},
)
check("structured output", json.loads(shaped["choices"][0]["message"]["content"]) == {"level": 4}, shaped)
options = {"idempotency_key": "compat-runinfra-1"}
first = client.responses.create(model=LLM, input="Say hello", request_options=options)
again = client.responses.create(model=LLM, input="Say hello", request_options=options)
check("responses", first["output"][0]["content"][0]["text"] == "hello", first)
check("replay", again["id"] == first["id"] and again["_idempotent_replay"] is True)
events = list(client.responses.create(model=LLM, input="Say hello", stream=True))
check("responses stream", events[-1]["type"] == "response.completed")
terms = client.responses.create(
    model=LLM, input=[{"role": "user", "content": "What is the weather in Oslo?"}], instructions="Be brief.", tools=[{"type": "function", **tool["function"]}],
    tool_choice="required", temperature=0.2, top_p=0.9, max_output_tokens=64,
)
check("responses tools", json.loads(terms["output"][0]["arguments"]) == {"city": "Oslo"}, terms)
shaped = client.responses.create(
    model=LLM, input="The level is 6.", response_format={"type": "json_schema", "json_schema": {"name": "probe", "schema": schema}}
)
check("responses structured output", json.loads(shaped["output"][0]["content"][0]["text"]) == {"level": 6}, shaped)
vectors = client.embeddings.create(model="bge-m3", input=["a", "b"], dimensions=16)
check("embeddings", [len(entry["embedding"]) for entry in vectors["data"]] == [16, 16])
check("embedding", len(client.embeddings.create(model="bge-m3", input="a", encoding_format="float", user="u")["data"][0]["embedding"]) == 1024)
linked = client.images.generate(model="flux-1-schnell", prompt="a dot", n=2, size="64x64", response_format="url", quality="standard", style="vivid")
with urllib.request.urlopen(linked["data"][1]["url"]) as file:
    check("images linked", file.read(8) == b"\x89PNG\r\n\x1a\n", linked)
images = client.images.generate(model="flux-1-schnell", prompt="a dot", size="64x64", response_format="b64_json")
check("images", base64.b64decode(images["data"][0]["b64_json"]).startswith(b"\x89PNG"))
audio = client.audio.speech.create(model="qwen3-tts", input="Say the word marmalade", voice="alloy", response_format="wav")
sound = audio.content if hasattr(audio, "content") else bytes(audio.data)
check("speech", sound.startswith(b"RIFF"))
check("speech headers", audio.request_id and audio.content_type == "audio/wav", audio)
for kind in ["mp3", "opus", "aac", "flac", "pcm"]:
    spoken = client.audio.speech.create(model="qwen3-tts", input="hi", voice="nova", response_format=kind)
    check(f"speech {kind}", len(spoken.content) > 1000 and spoken.content_type.startswith("audio/"), spoken.content_type)
heard = client.audio.transcriptions.create(model="whisper-large-v3", file=sound, filename="a.wav", language="en")
check("transcription", heard["text"] == "Say the word marmalade", heard)
verbose = client.audio.transcriptions.create(model="whisper-large-v3", file=sound, response_format="verbose_json")
check("transcription verbose", verbose["duration"] > 0 and verbose["segments"], verbose)
cloned = client.audio.speech.create(model="qwen3-tts", input="hi", ref_audio=base64.b64encode(sound).decode(), ref_text="Say the word marmalade")
check("speech from reference audio", cloned.request_id, cloned)
voice = pipeline.voice.pipeline.create(audio=sound, mime_type="audio/wav")
check("voice", (voice["transcript"], voice["response_text"]) == ("Say the word marmalade", "marmalade"), voice)
check("pipeline default", pipeline.responses.create(model="default", input="Say hello")["status"] == "completed")
secret, payload, now = "whsec_compat", b'{"type":"run.finished"}', int(time.time())
digest = hmac.new(secret.encode(), f"{now}.".encode() + payload, hashlib.sha256).hexdigest()
event = runinfra.construct_webhook_event(payload=payload, signature_header=f"t={now},v1={digest}", secret=secret)
check("webhooks", event["type"] == "run.finished", event)

signed = {"payload": payload, "signature_header": f"t={now},v1={digest}", "secret": secret}
check("webhooks on the client", client.webhooks.verify_signature(**signed) and client.webhooks.construct_event(**signed) == event)

# Errors: the class that the package makes of each, and what it needs to say what happened.
def keyed(name):
    return runinfra.RunInfra(api_key=os.environ[name], base_url=base, max_retries=0)


def exhausted():
    for _ in range(3):
        keyed("RUNINFRA_LIMITED_API_KEY").models.list()


def ask(**fields):
    return client.chat.completions.create(model=LLM, messages=[{"role": "user", "content": "Say hello"}], **fields)


for kind, status, run in [
    (runinfra.AuthenticationError, 401, lambda: runinfra.RunInfra(api_key="rp_live_wrong", base_url=base, max_retries=0).models.list()),
    (runinfra.InsufficientCreditsError, 402, lambda: keyed("RUNINFRA_UNFUNDED_API_KEY").responses.create(model=LLM, input="x")),
    (runinfra.PermissionDeniedError, 403, lambda: keyed("RUNINFRA_PIPELINE_API_KEY").models.list()),
    (runinfra.ModelNotFoundError, 404, lambda: client.models.retrieve("none-such")),
    (runinfra.RateLimitError, 429, exhausted),
    (runinfra.RunInfraError, 400, lambda: ask(extra_body={"surprise": 1})),
    (runinfra.RunInfraError, 400, lambda: ask(top_p=1.5, extra_body={"strict_params": True})),
    (runinfra.RunInfraError, 422, lambda: client.audio.transcriptions.create(model="whisper-large-v3", file=b"noise")),
    (runinfra.RunInfraError, 409, lambda: client.responses.create(model=LLM, input="Say bye", request_options=options)),
]:
    try:
        shown = run()
    except kind as error:
        check(f"{kind.__name__} {status}", error.status == status and error.request_id, error)
        if status == 402:
            check("credits", error.required_cents > error.current_balance_cents == 0 and error.topup_url, error)
        if status == 429:
            check("retry-after", 0 < error.retry_after_seconds <= 60, error)
        continue
    check(f"{kind.__name__} {status}", False, shown)

print(f"runinfra {runinfra.__version__}: {passed} passed, 0 failed")
