"""The official OpenAI Python library against the embedded gateway: every operation both of them have."""

import asyncio
import base64
import json
import os
import tempfile
import urllib.request

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
limit, left = (int(raw.headers[f"x-ratelimit-{name}"]) for name in ("limit", "remaining"))
check("chat budget", 0 < left < limit and raw.headers["x-ratelimit-tier"] == "enterprise", dict(raw.headers))
check("chat id", raw.parse().id != answer.id and raw.request_id == raw.headers["x-request-id"])
with client.chat.completions.with_streaming_response.create(model=LLM, messages=user("Say hello"), stream=True) as streamed:
    lines = [line for line in streamed.iter_lines() if line]
check("chat raw stream", streamed.headers["content-type"].startswith("text/event-stream") and lines[-1] == "data: [DONE]", lines)
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
    check("models at once", LLM in [model.id async for model in other.models.list()])
    async with other.chat.completions.stream(model=LLM, messages=user("Say hello")) as stream:
        check("chat stream helper at once", (await stream.get_final_completion()).choices[0].message.content == "hello")
    vectors = await other.embeddings.create(model=EMBEDDING, input=["a", "b"], dimensions=8, encoding_format="float")
    spoken = (await other.audio.speech.create(model=TTS, voice="alloy", input="at once", response_format="wav")).read()
    heard, answer, image = await asyncio.gather(
        other.audio.transcriptions.create(model=ASR, file=("a.wav", spoken)),
        other.responses.create(model=LLM, input="Say hello"),
        other.images.generate(model=IMAGE, prompt="a dot", size="64x64", response_format="b64_json"),
    )
    shown = (len(vectors.data), heard.text, answer.output_text, image.data[0].b64_json[:4])
    check("everything at once", shown == (2, "at once", "hello", "iVBO"), shown)


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
with client.chat.completions.stream(model=LLM, messages=user("The nonce is k-2-y and the level is 7."), response_format=Mood) as stream:
    mood = stream.get_final_completion().choices[0].message.parsed
check("parse stream", (mood.nonce, mood.level) == ("k-2-y", 7), mood)


class GetWeather(BaseModel):
    city: str


offered = [openai.pydantic_function_tool(GetWeather)]
calls = client.chat.completions.parse(model=LLM, messages=user("What is the weather in Lima?"), tools=offered, tool_choice="required")
call = calls.choices[0].message.tool_calls[0]
check("parse tools", call.function.parsed_arguments == GetWeather(city="Lima"), call)
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

shape = {"type": "json_schema", "json_schema": {"name": "mood", "schema": Mood.model_json_schema()}}
shaped = client.responses.create(model=LLM, input="The nonce is k-3-z and the level is 2.", extra_body={"response_format": shape})
check("responses structured output", Mood.model_validate_json(shaped.output_text).nonce == "k-3-z", shaped)
raw = client.responses.with_raw_response.create(model=LLM, input="Say hello", top_p=1.5)
check("responses headers", raw.headers["x-request-id"] and "top_p" in raw.headers["x-param-adjustments"] and raw.parse().output_text == "hello")

# Embeddings
vectors = client.embeddings.create(model=EMBEDDING, input=["one", "two"], dimensions=32, encoding_format="float")
check("embeddings", [len(entry.embedding) for entry in vectors.data] == [32, 32])
check("embeddings repeat", vectors.data[0].embedding == client.embeddings.create(model=EMBEDDING, input="one", dimensions=32, encoding_format="float").data[0].embedding)
check("embedding", len(client.embeddings.create(model=EMBEDDING, input="one", encoding_format="float").data[0].embedding) == 1024)

# Images, and looking at them
picture = client.images.generate(model=IMAGE, prompt="a red square", size="256x256", response_format="b64_json").data[0].b64_json
check("images inline", base64.b64decode(picture).startswith(b"\x89PNG"))
linked = client.images.generate(model=IMAGE, prompt="x", size="256x256", response_format="url", n=2).data
with urllib.request.urlopen(linked[1].url) as file:
    check("images linked", len(linked) == 2 and file.read(8) == b"\x89PNG\r\n\x1a\n", linked)
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
check("speech stream", stream.headers["content-type"] == "audio/wav" and audio.startswith(b"RIFF"))
with tempfile.TemporaryDirectory() as folder, client.audio.speech.with_streaming_response.create(model=TTS, voice="nova", input="hi") as stream:
    stream.stream_to_file(f"{folder}/spoken.mp3")
    with open(f"{folder}/spoken.mp3", "rb") as file:
        heard = client.audio.transcriptions.with_raw_response.create(model=ASR, file=file)
check("speech to a file and back", heard.parse().text == "hi" and heard.headers["x-request-id"], heard.text)
verbose = client.audio.transcriptions.create(model=ASR, file=("a.wav", audio), response_format="verbose_json", language="en", prompt="greeting", temperature=0)
check("transcription verbose", verbose.text == "hi" and verbose.duration > 0 and verbose.segments)

words = client.audio.transcriptions.create(
    model=ASR, file=("a.wav", audio), response_format="verbose_json", timestamp_granularities=["word", "segment"]
)
check("transcription words", [word.word for word in words.words] == ["hi"], words)

# Errors: the class that the library makes of each, and what it needs to say what happened.
def keyed(name):
    return client.with_options(api_key=os.environ[name])


def exhausted():
    for _ in range(3):
        keyed("RUNINFRA_LIMITED_API_KEY").models.list()


def ask(**fields):
    return client.chat.completions.create(model=LLM, messages=user("Say hello"), **fields)


REFUSALS = [
    (openai.AuthenticationError, "authentication_error", lambda: client.with_options(api_key="rp_live_wrong").models.list()),
    (openai.APIStatusError, "insufficient_credits", lambda: keyed("RUNINFRA_UNFUNDED_API_KEY").responses.create(model=LLM, input="x")),
    (openai.PermissionDeniedError, "permission_error", lambda: keyed("RUNINFRA_PIPELINE_API_KEY").models.list()),
    (openai.NotFoundError, "not_found_error", lambda: client.models.retrieve("none-such")),
    (openai.NotFoundError, "not_found_error", lambda: client.completions.create(model=LLM, prompt="x")),
    (openai.NotFoundError, "not_found_error", lambda: client.files.list()),
    (openai.NotFoundError, "not_found_error", lambda: client.batches.list()),
    (openai.NotFoundError, "not_found_error", lambda: client.moderations.create(input="x")),
    (openai.BadRequestError, "invalid_request_error", lambda: ask(extra_body={"surprise": 1})),
    (openai.BadRequestError, "invalid_request_error", lambda: ask(top_p=1.5, extra_body={"strict_params": True})),
    (openai.BadRequestError, "invalid_request_error", lambda: ask(modalities=["text", "audio"], audio={"voice": "alloy", "format": "wav"})),
    (openai.BadRequestError, "invalid_request_error", lambda: ask(stream=True, temperature="hot")),
    (openai.BadRequestError, "invalid_request_error", lambda: client.responses.create(model=LLM, input="x", tools=[{"type": "web_search"}])),
    (openai.BadRequestError, "invalid_request_error", lambda: client.responses.parse(model=LLM, input="x", text_format=Mood)),
    # What the library sends unless it is told otherwise is base64, which this gateway does not have and says so.
    (openai.BadRequestError, "invalid_request_error", lambda: client.embeddings.create(model=EMBEDDING, input="x")),
    (openai.UnprocessableEntityError, "invalid_request_error", lambda: client.audio.transcriptions.create(model=ASR, file=("a.wav", b"noise"))),
    (openai.RateLimitError, "rate_limit_error", exhausted),
]
params = set()
for kind, type_, run in REFUSALS:
    try:
        shown = run()
    except kind as error:
        shown = error
        named = (error.type, bool(error.code), bool(error.request_id), bool(error.body["message"]))
        check(f"{kind.__name__} {error.code}", named == (type_, True, True, True), error.body)
        if error.param:
            params.add(error.param)
        if kind is openai.RateLimitError:
            check("retry-after", 0 < int(error.response.headers["retry-after"]) <= 60)
        if error.status_code == 402:
            check("credits", error.body["required_cents"] > error.body["current_balance_cents"] == 0, error.body)
        continue
    check(kind.__name__, False, shown)

check("refusals name the field", {"surprise", "top_p", "temperature", "text", "encoding_format", "model", "file"} <= params, params)

# Idempotency: a replay says so; another body is a conflict, which the library tries again and does not run.
key = {"Idempotency-Key": "compat-python-1"}
first = client.chat.completions.create(model=LLM, messages=user("Say one"), extra_headers=key)
replay = client.with_options(max_retries=2).chat.completions.with_raw_response.create(model=LLM, messages=user("Say one"), extra_headers=key)
check("replay", replay.parse().id == first.id and replay.headers["x-runinfra-idempotent-replay"] == "true")
try:
    client.with_options(max_retries=1).chat.completions.create(model=LLM, messages=user("Say two"), extra_headers=key)
    check("conflict", False)
except openai.ConflictError as error:
    check("conflict", error.code == "idempotency_conflict")

print(f"openai-python {openai.__version__}: {passed} passed, 0 failed")
