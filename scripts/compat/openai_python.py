"""The official OpenAI Python library against the embedded gateway: every operation both of them have."""

import asyncio
import base64
import json
import os

import openai
from pydantic import BaseModel

client = openai.OpenAI(base_url=os.environ["RUNINFRA_BASE_URL"], api_key=os.environ["RUNINFRA_API_KEY"], max_retries=0)
passed = 0


def check(name, condition, shown=None):
    global passed
    assert condition, f"openai-python: {name}: {shown!r}"
    passed += 1


LLM, VISION, EMBEDDING, IMAGE, TTS, ASR = (
    "llama-3.3-70b-instruct",
    "qwen2.5-vl-7b-instruct",
    "bge-m3",
    "flux-1-schnell",
    "qwen3-tts",
    "whisper-large-v3",
)
WEATHER = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "Current weather of a city",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"], "additionalProperties": False},
        "strict": True,
    },
}


def user(text):
    return [{"role": "user", "content": text}]


# Models
listed = [model.id for model in client.models.list()]
check("models.list", LLM in listed and ASR in listed, listed)
check("models.retrieve", client.models.retrieve(LLM).object == "model")

# Chat
answer = client.chat.completions.create(model=LLM, messages=user("Reply with exactly: nonce-py-1"), metadata={"probe": "1"})
check("chat", answer.choices[0].message.content == "nonce-py-1", answer)
check("chat usage", answer.usage.total_tokens == answer.usage.prompt_tokens + answer.usage.completion_tokens)
raw = client.chat.completions.with_raw_response.create(model=LLM, messages=user("Say hello"))
check("chat headers", raw.headers["x-request-id"] and raw.parse().choices[0].finish_reason == "stop")
cut = client.chat.completions.create(model=LLM, messages=user("Count from 1 to 50"), max_tokens=5, n=2, seed=7, temperature=0.5, stop=["40"])
check("chat limits", [choice.finish_reason for choice in cut.choices] == ["length", "length"])

chunks = list(client.chat.completions.create(model=LLM, messages=user("Count from 1 to 9"), stream=True, stream_options={"include_usage": True}))
text = "".join(choice.delta.content or "" for chunk in chunks for choice in chunk.choices)
check("chat stream", text == "1, 2, 3, 4, 5, 6, 7, 8, 9", text)
check("chat stream usage", chunks[-1].usage.total_tokens > 0 and len({chunk.id for chunk in chunks}) == 1)
with client.chat.completions.stream(model=LLM, messages=user("Say hello")) as stream:
    for _ in stream:
        pass
    check("chat stream helper", stream.get_final_completion().choices[0].message.content == "hello")

sides = {0: "", 1: ""}
for chunk in client.chat.completions.create(model=LLM, messages=user("Count from 1 to 3"), stream=True, n=2):
    for choice in chunk.choices:
        sides[choice.index] += choice.delta.content or ""
check("chat stream of two", sides == {0: "1, 2, 3", 1: "1, 2, 3"}, sides)
tuned = client.chat.completions.create(
    model=LLM, messages=user("Say hello"), top_p=0.5, presence_penalty=0.1, frequency_penalty=0.1, seed=3, user="u", max_completion_tokens=9, metadata={"a": "b"}
)
check("chat parameters", tuned.choices[0].message.content == "hello" and tuned.to_dict()["metadata"] == {"a": "b"}, tuned)
adjusted = client.chat.completions.with_raw_response.create(model=LLM, messages=user("Say hello"), logit_bias={"5": 1}, logprobs=True)
check("chat adjustments", "logit_bias" in adjusted.headers["x-param-adjustments"])
scoped = client.with_options(
    api_key=os.environ["RUNINFRA_PIPELINE_API_KEY"], base_url=f"{os.environ['RUNINFRA_BASE_URL']}/{os.environ['RUNINFRA_PIPELINE_ID']}"
)
check("chat of a pipeline", scoped.chat.completions.create(model="default", messages=user("Say hello")).choices[0].message.content == "hello")


async def asynchronous():
    other = openai.AsyncOpenAI(base_url=os.environ["RUNINFRA_BASE_URL"], api_key=os.environ["RUNINFRA_API_KEY"], max_retries=0)
    streams = [await other.chat.completions.create(model=LLM, messages=user(f"Say exactly: at-once-{at}"), stream=True) for at in range(4)]
    texts = [["".join([chunk.choices[0].delta.content or "" async for chunk in stream])] for stream in streams]
    check("chat streams at once", texts == [[f"at-once-{at}"] for at in range(4)], texts)


asyncio.run(asynchronous())

# Tools
called = client.chat.completions.create(model=LLM, messages=user("What is the weather in Paris?"), tools=[WEATHER])
call = called.choices[0].message.tool_calls[0]
check("tools", (call.function.name, json.loads(call.function.arguments)) == ("get_weather", {"city": "Paris"}), call)
turns = user("What is the weather in Paris?") + [called.choices[0].message, {"role": "tool", "tool_call_id": call.id, "content": "rain"}]
check("tool result", "rain" in client.chat.completions.create(model=LLM, messages=turns, tools=[WEATHER]).choices[0].message.content)
with client.chat.completions.stream(model=LLM, messages=user("Weather in Rome?"), tools=[WEATHER]) as stream:
    final = stream.get_final_completion()
check("tools stream", json.loads(final.choices[0].message.tool_calls[0].function.arguments) == {"city": "Rome"})
for choice in ["required", {"type": "function", "function": {"name": "get_weather"}}]:
    forced = client.chat.completions.create(model=LLM, messages=user("Say hello."), tools=[WEATHER], tool_choice=choice)
    check("tool choice", forced.choices[0].finish_reason == "tool_calls", forced)
free = client.chat.completions.create(model=LLM, messages=user("What is the weather in Paris?"), tools=[WEATHER], tool_choice="none")
check("no tool", free.choices[0].message.tool_calls is None and free.choices[0].message.content)


# Structured output
class Mood(BaseModel):
    nonce: str
    level: int
    tags: list[str]


parsed = client.chat.completions.parse(model=LLM, messages=user("The nonce is k-1-x and the level is 4."), response_format=Mood)
check("parse", (parsed.choices[0].message.parsed.nonce, parsed.choices[0].message.parsed.level) == ("k-1-x", 4), parsed)
loose = client.chat.completions.create(model=LLM, messages=user("Return JSON with key ok set to true."), response_format={"type": "json_object"})
check("json_object", json.loads(loose.choices[0].message.content) == {"ok": True})

# Responses
response = client.responses.create(model=LLM, input="Reply with exactly: nonce-py-2", instructions="Be brief.")
check("responses", response.output_text == "nonce-py-2", response)
events = list(client.responses.create(model=LLM, input="Count from 1 to 5", stream=True))
check("responses stream", "".join(event.delta for event in events if event.type == "response.output_text.delta") == "1, 2, 3, 4, 5")
check("responses terminal", events[-1].type == "response.completed" and events[-1].response.output_text == "1, 2, 3, 4, 5")
with client.responses.stream(model=LLM, input="Say hello") as stream:
    for _ in stream:
        pass
    check("responses stream helper", stream.get_final_response().output_text == "hello")

tool = {"type": "function", **WEATHER["function"]}
calling = client.responses.create(model=LLM, input="What is the weather in Oslo?", tools=[tool])
check("responses tools", [(item.type, json.loads(item.arguments)) for item in calling.output] == [("function_call", {"city": "Oslo"})], calling)
turns = [
    {"role": "user", "content": "What is the weather in Oslo?"},
    {"type": "function_call", "call_id": calling.output[0].call_id, "name": "get_weather", "arguments": calling.output[0].arguments},
    {"type": "function_call_output", "call_id": calling.output[0].call_id, "output": "hail"},
]
check("responses tool result", "hail" in client.responses.create(model=LLM, input=turns, tools=[tool]).output_text)
events = list(client.responses.create(model=LLM, input="What is the weather in Oslo?", tools=[tool], stream=True))
arguments = "".join(event.delta for event in events if event.type == "response.function_call_arguments.delta")
check("responses tools stream", json.loads(arguments) == {"city": "Oslo"}, arguments)
short = client.responses.create(model=LLM, input="Count from 1 to 50", max_output_tokens=5, temperature=0.2, top_p=0.9)
check("responses limit", (short.status, short.incomplete_details.reason) == ("incomplete", "max_output_tokens"), short)
check("responses usage", short.usage.total_tokens == short.usage.input_tokens + short.usage.output_tokens)

# Embeddings
vectors = client.embeddings.create(model=EMBEDDING, input=["one", "two"], dimensions=32, encoding_format="float")
check("embeddings", [len(entry.embedding) for entry in vectors.data] == [32, 32])
check("embedding", len(client.embeddings.create(model=EMBEDDING, input="one", encoding_format="float").data[0].embedding) == 1024)

# Images, and looking at them
picture = client.images.generate(model=IMAGE, prompt="a red square", size="256x256", response_format="b64_json").data[0].b64_json
check("images inline", base64.b64decode(picture).startswith(b"\x89PNG"))
check("images linked", client.images.generate(model=IMAGE, prompt="x", size="256x256", response_format="url").data[0].url.startswith("http"))
look = [{"type": "text", "text": "What size is this image?"}, {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{picture}"}}]
seen = client.chat.completions.create(model=VISION, messages=[{"role": "user", "content": look}]).choices[0].message.content
check("vision", seen == "256x256", seen)

# Speech and transcription
for kind in ["wav", "mp3", "flac", "opus", "aac", "pcm"]:
    audio = client.audio.speech.create(model=TTS, voice="alloy", input="python speaks 42", response_format=kind).read()
    check(f"speech {kind}", len(audio) > 1000)
    if kind != "pcm":
        heard = client.audio.transcriptions.create(model=ASR, file=(f"a.{kind}", audio), response_format="json")
        check(f"transcription {kind}", heard.text == "python speaks 42", heard)
with client.audio.speech.with_streaming_response.create(model=TTS, voice="nova", input="hi", response_format="wav") as stream:
    audio = b"".join(stream.iter_bytes())
verbose = client.audio.transcriptions.create(model=ASR, file=("a.wav", audio), response_format="verbose_json", language="en", prompt="greeting", temperature=0)
check("transcription verbose", verbose.text == "hi" and verbose.duration > 0 and verbose.segments)

words = client.audio.transcriptions.create(
    model=ASR, file=("a.wav", audio), response_format="verbose_json", timestamp_granularities=["word", "segment"]
)
check("transcription words", [word.word for word in words.words] == ["hi"], words)

# Errors
for kind, run in {
    openai.AuthenticationError: lambda: client.with_options(api_key="rp_live_wrong").models.list(),
    openai.NotFoundError: lambda: client.models.retrieve("none-such"),
    openai.BadRequestError: lambda: client.chat.completions.create(model=LLM, messages=user("x"), extra_body={"surprise": 1}),
    openai.UnprocessableEntityError: lambda: client.audio.transcriptions.create(model=ASR, file=("a.wav", b"noise")),
    openai.APIStatusError: lambda: client.embeddings.create(model=EMBEDDING, input="x", encoding_format="base64"),
    openai.PermissionDeniedError: lambda: client.with_options(api_key=os.environ["RUNINFRA_PIPELINE_API_KEY"]).models.list(),
}.items():
    try:
        run()
        check(kind.__name__, False)
    except kind as error:
        check(kind.__name__, error.request_id and error.body["message"] and error.type and error.code, error)
key = {"Idempotency-Key": "compat-python-1"}
client.chat.completions.create(model=LLM, messages=user("Say one"), extra_headers=key)
try:
    client.chat.completions.create(model=LLM, messages=user("Say two"), extra_headers=key)
    check("conflict", False)
except openai.ConflictError as error:
    check("conflict", error.code == "idempotency_conflict")

print(f"openai-python {openai.__version__}: {passed} passed, 0 failed")
