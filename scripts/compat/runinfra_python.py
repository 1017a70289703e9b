"""The published runinfra Python package against the embedded gateway."""

import base64
import hashlib
import hmac
import json
import os
import time

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
vectors = client.embeddings.create(model="bge-m3", input=["a", "b"], dimensions=16)
check("embeddings", [len(entry["embedding"]) for entry in vectors["data"]] == [16, 16])
images = client.images.generate(model="flux-1-schnell", prompt="a dot", size="64x64", response_format="b64_json")
check("images", base64.b64decode(images["data"][0]["b64_json"]).startswith(b"\x89PNG"))
audio = client.audio.speech.create(model="qwen3-tts", input="Say the word marmalade", voice="alloy", response_format="wav")
sound = audio.content if hasattr(audio, "content") else bytes(audio.data)
check("speech", sound.startswith(b"RIFF"))
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

for kind, run in {
    runinfra.AuthenticationError: lambda: runinfra.RunInfra(api_key="rp_live_wrong", base_url=base, max_retries=0).models.list(),
    runinfra.ModelNotFoundError: lambda: client.models.retrieve("none-such"),
    runinfra.PermissionDeniedError: lambda: runinfra.RunInfra(
        api_key=os.environ["RUNINFRA_PIPELINE_API_KEY"], base_url=base, max_retries=0
    ).models.list(),
}.items():
    try:
        run()
        check(kind.__name__, False)
    except kind as error:
        check(kind.__name__, error.request_id, error)

print(f"runinfra {runinfra.__version__}: {passed} passed, 0 failed")
