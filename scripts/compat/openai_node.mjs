// The official OpenAI library for Node against the embedded gateway: every operation both of them have.
import assert from "node:assert/strict";
import OpenAI, { toFile } from "openai";

const client = new OpenAI({ baseURL: process.env.RUNINFRA_BASE_URL, apiKey: process.env.RUNINFRA_API_KEY, maxRetries: 0 });
const [LLM, VISION, EMBEDDING, IMAGE, TTS, ASR] = [
  "llama-3.3-70b-instruct", "qwen2.5-vl-7b-instruct", "bge-m3", "flux-1-schnell", "qwen3-tts", "whisper-large-v3",
];
const user = (content) => [{ role: "user", content }];
const weather = {
  type: "function",
  function: { name: "get_weather", description: "Current weather of a city", parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] } },
};
let passed = 0;
const check = (name, condition, shown) => {
  assert.ok(condition, `openai-node: ${name}: ${JSON.stringify(shown)}`);
  passed += 1;
};

const listed = [];
for await (const model of client.models.list()) listed.push(model.id);
check("models.list", listed.includes(LLM), listed);
check("models.retrieve", (await client.models.retrieve(LLM)).object === "model");

const answer = await client.chat.completions.create({ model: LLM, messages: user("Reply with exactly: nonce-js-1") });
check("chat", answer.choices[0].message.content === "nonce-js-1" && answer._request_id, answer);
const raw = await client.chat.completions.create({ model: LLM, messages: user("Say hello"), top_p: 1.5, logit_bias: { 5: 1 }, metadata: { probe: "1" } }).withResponse();
const left = ["limit", "remaining"].map((name) => Number(raw.response.headers.get(`x-ratelimit-${name}`)));
check("chat headers", raw.request_id === raw.response.headers.get("x-request-id") && left[1] < left[0] && left[1] > 0, left);
check("chat adjustments", ["top_p", "logit_bias"].every((name) => raw.response.headers.get("x-param-adjustments").includes(name)));
check("chat metadata", raw.data.metadata.probe === "1" && raw.data.id !== answer.id, raw.data);
const scoped = client.withOptions({ apiKey: process.env.RUNINFRA_PIPELINE_API_KEY, baseURL: `${process.env.RUNINFRA_BASE_URL}/${process.env.RUNINFRA_PIPELINE_ID}` });
check("chat of a pipeline", (await scoped.chat.completions.create({ model: "default", messages: user("Say hello") })).choices[0].message.content === "hello");
let text = "";
for await (const chunk of await client.chat.completions.create({ model: LLM, messages: user("Count from 1 to 5"), stream: true })) {
  text += chunk.choices[0]?.delta?.content ?? "";
}
check("chat stream", text === "1, 2, 3, 4, 5", text);
let usage;
for await (const chunk of await client.chat.completions.create({ model: LLM, messages: user("Say hello"), stream: true, stream_options: { include_usage: true } })) {
  usage = chunk.usage ?? usage;
}
check("chat stream usage", usage.total_tokens === usage.prompt_tokens + usage.completion_tokens, usage);
const cut = await client.chat.completions.create({ model: LLM, messages: user("Count from 1 to 50"), max_tokens: 5, n: 2, stop: ["40"], seed: 7 });
check("chat limits", cut.choices.length === 2 && cut.choices.every((choice) => choice.finish_reason === "length"), cut);
const helper = client.chat.completions.stream({ model: LLM, messages: user("Say hello") });
check("chat stream helper", (await helper.finalContent()) === "hello");

const called = await client.chat.completions.create({ model: LLM, messages: user("What is the weather in Paris?"), tools: [weather] });
check("tools", JSON.parse(called.choices[0].message.tool_calls[0].function.arguments).city === "Paris", called);
const turns = [...user("What is the weather in Paris?"), called.choices[0].message,
  { role: "tool", tool_call_id: called.choices[0].message.tool_calls[0].id, content: "rain" }];
check("tool result", (await client.chat.completions.create({ model: LLM, messages: turns, tools: [weather] })).choices[0].message.content.includes("rain"));
const forced = await client.chat.completions.create({ model: LLM, messages: user("Say hello."), tools: [weather], tool_choice: "required" });
check("tool choice", forced.choices[0].finish_reason === "tool_calls", forced);
const tools = client.chat.completions.stream({ model: LLM, messages: user("Weather in Rome?"), tools: [weather] });
check("tools stream", JSON.parse((await tools.finalMessage()).tool_calls[0].function.arguments).city === "Rome");
const ran = client.chat.completions.runTools({
  model: LLM, messages: user("What is the weather in Paris?"),
  tools: [{ type: "function", function: { ...weather.function, parse: JSON.parse, function: ({ city }) => `fog in ${city}` } }],
});
check("tools run", (await ran.finalContent()).includes("fog in Paris"));
for (const choice of ["none", { type: "function", function: { name: "get_weather" } }]) {
  const chosen = await client.chat.completions.create({ model: LLM, messages: user("What is the weather in Paris?"), tools: [weather], tool_choice: choice });
  check("tool choice", (chosen.choices[0].finish_reason === "tool_calls") === (choice !== "none"), chosen);
}
const schema = { type: "object", properties: { level: { type: "integer" } }, required: ["level"], additionalProperties: false };
const structured = await client.chat.completions.parse({
  model: LLM, messages: user("The level is 4."), response_format: { type: "json_schema", json_schema: { name: "probe", schema, strict: true } },
});
check("structured output", JSON.parse(structured.choices[0].message.content).level === 4);

const shaping = { type: "json_schema", json_schema: { name: "probe", schema, strict: true } };
const shaped = client.chat.completions.stream({ model: LLM, messages: user("The level is 8."), response_format: shaping });
check("structured output stream", JSON.parse(await shaped.finalContent()).level === 8);

const response = await client.responses.create({ model: LLM, input: "Reply with exactly: nonce-js-2" });
check("responses", response.output_text === "nonce-js-2", response);
const types = [];
for await (const event of await client.responses.create({ model: LLM, input: "Say hello", stream: true })) types.push(event.type);
check("responses stream", types.at(0) === "response.created" && types.at(-1) === "response.completed", types);
const final = await client.responses.stream({ model: LLM, input: "Count from 1 to 5", instructions: "Be brief." }).finalResponse();
check("responses stream helper", final.output_text === "1, 2, 3, 4, 5" && final.usage.total_tokens > 0, final);
const calling = await client.responses.create({ model: LLM, input: "What is the weather in Oslo?", tools: [{ type: "function", strict: true, ...weather.function }] });
check("responses tools", calling.output[0].type === "function_call" && JSON.parse(calling.output[0].arguments).city === "Oslo", calling);
const asked = [{ role: "user", content: "What is the weather in Oslo?" }, { type: "function_call", call_id: calling.output[0].call_id, name: "get_weather", arguments: calling.output[0].arguments },
  { type: "function_call_output", call_id: calling.output[0].call_id, output: "hail" }];
check("responses tool result", (await client.responses.create({ model: LLM, input: asked })).output_text.includes("hail"));
const short = await client.responses.create({ model: LLM, input: "Count from 1 to 50", max_output_tokens: 5, temperature: 0.2, top_p: 0.9 });
check("responses limit", short.status === "incomplete" && short.incomplete_details.reason === "max_output_tokens", short);
const formatted = await client.responses.create({ model: LLM, input: "The level is 3.", response_format: shaping });
check("responses structured output", JSON.parse(formatted.output_text).level === 3, formatted);
const loose = await client.chat.completions.create({ model: LLM, messages: user("Return JSON with key ok set to true."), response_format: { type: "json_object" } });
check("json_object", JSON.parse(loose.choices[0].message.content).ok === true, loose);

const vectors = await client.embeddings.create({ model: EMBEDDING, input: ["a", "b"], dimensions: 16, encoding_format: "float" });
check("embeddings", vectors.data.every((entry) => entry.embedding.length === 16));
check("embedding", (await client.embeddings.create({ model: EMBEDDING, input: "a", encoding_format: "float" })).data[0].embedding.length === 1024);
const picture = (await client.images.generate({ model: IMAGE, prompt: "a red square", size: "256x256", response_format: "b64_json" })).data[0].b64_json;
check("images", Buffer.from(picture, "base64").subarray(1, 4).toString() === "PNG");
const linked = (await client.images.generate({ model: IMAGE, prompt: "a red square", size: "64x64", response_format: "url", n: 2 })).data;
check("images linked", linked.length === 2 && (await fetch(linked[1].url)).headers.get("content-type") === "image/png", linked);
const look = [{ type: "text", text: "What size is this image?" }, { type: "image_url", image_url: { url: `data:image/png;base64,${picture}` } }];
check("vision", (await client.chat.completions.create({ model: VISION, messages: user(look) })).choices[0].message.content === "256x256");

const speech = await client.audio.speech.create({ model: TTS, voice: "alloy", input: "node speaks 42", response_format: "wav" });
const audio = Buffer.from(await speech.arrayBuffer());
check("speech", audio.subarray(0, 4).toString() === "RIFF");
const heard = await client.audio.transcriptions.create({ model: ASR, file: await toFile(audio, "a.wav"), response_format: "verbose_json" });
check("transcription", heard.text === "node speaks 42" && heard.segments.length > 0, heard);
for (const kind of ["mp3", "flac", "opus", "aac"]) {
  const spoken = await client.audio.speech.create({ model: TTS, voice: "nova", input: `kind ${kind}`, response_format: kind });
  const file = await toFile(Buffer.from(await spoken.arrayBuffer()), `a.${kind}`);
  const words = await client.audio.transcriptions.create({ model: ASR, file, response_format: "json" });
  check(`speech and transcription ${kind}`, words.text === `kind ${kind}`, words);
}

const streamed = await client.audio.speech.create({ model: TTS, voice: "nova", input: "in pieces", response_format: "wav" });
const pieces = [];
for await (const piece of streamed.body) pieces.push(piece);
const whole = await toFile(Buffer.concat(pieces), "a.wav");
const verbose = await client.audio.transcriptions.create({ model: ASR, file: whole, response_format: "verbose_json", language: "en", prompt: "x", temperature: 0, timestamp_granularities: ["word", "segment"] });
check("speech stream and words", verbose.words.map((word) => word.word).join(" ") === "in pieces" && verbose.duration > 0, verbose);

const keyed = { headers: { "Idempotency-Key": "compat-node-1" } };
const once = await client.chat.completions.create({ model: LLM, messages: user("Say one") }, keyed);
const twice = await client.chat.completions.create({ model: LLM, messages: user("Say one") }, keyed);
check("replay", once.id === twice.id, [once.id, twice.id]);
const replay = await client.chat.completions.create({ model: LLM, messages: user("Say one") }, keyed).asResponse();
check("replay evidence", replay.headers.get("x-runinfra-idempotent-replay") === "true");

// Errors: the class that the library makes of each, and what it needs to say what happened.
const own = (name) => client.withOptions({ apiKey: process.env[name] });
const exhausted = async () => {
  for (let at = 0; at < 3; at += 1) await own("RUNINFRA_LIMITED_API_KEY").models.list();
};
const ask = (fields) => client.chat.completions.create({ model: LLM, messages: user("Say hello"), ...fields });
const refusals = [
  [OpenAI.AuthenticationError, "authentication_error", () => client.withOptions({ apiKey: "rp_live_wrong" }).models.list()],
  [OpenAI.APIError, "insufficient_credits", () => own("RUNINFRA_UNFUNDED_API_KEY").responses.create({ model: LLM, input: "x" })],
  [OpenAI.PermissionDeniedError, "permission_error", () => own("RUNINFRA_PIPELINE_API_KEY").models.list()],
  [OpenAI.NotFoundError, "not_found_error", () => client.models.retrieve("none-such")],
  [OpenAI.NotFoundError, "not_found_error", () => client.completions.create({ model: LLM, prompt: "x" })],
  [OpenAI.NotFoundError, "not_found_error", () => client.files.list()],
  [OpenAI.NotFoundError, "not_found_error", () => client.batches.list()],
  [OpenAI.BadRequestError, "invalid_request_error", () => ask({ surprise: 1 })],
  [OpenAI.BadRequestError, "invalid_request_error", () => ask({ top_p: 1.5, strict_params: true })],
  [OpenAI.BadRequestError, "invalid_request_error", () => ask({ stream: true, temperature: "hot" })],
  [OpenAI.BadRequestError, "invalid_request_error", () => client.responses.create({ model: LLM, input: "x", tools: [{ type: "web_search" }] })],
  // What the library sends unless it is told otherwise is base64, which this gateway does not have and says so.
  [OpenAI.BadRequestError, "invalid_request_error", () => client.embeddings.create({ model: EMBEDDING, input: "x" })],
  [OpenAI.ConflictError, "idempotency_error", () => client.chat.completions.create({ model: LLM, messages: user("Say two") }, keyed)],
  [OpenAI.UnprocessableEntityError, "invalid_request_error", async () => client.audio.transcriptions.create({ model: ASR, file: await toFile(Buffer.from("noise"), "a.wav") })],
  [OpenAI.RateLimitError, "rate_limit_error", exhausted],
];
for (const [kind, type, run] of refusals) {
  const error = await run().then((shown) => assert.fail(`openai-node: ${kind.name} did not come: ${JSON.stringify(shown)}`), (error) => error);
  check(`${kind.name} ${error.code}`, error instanceof kind && error.type === type && error.code && error.requestID, error);
  if (error.status === 429) check("retry-after", Number(error.headers.get("retry-after")) > 0, error);
  if (error.status === 402) check("credits", error.error.required_cents > error.error.current_balance_cents, error);
}

console.log(`openai-node: ${passed} passed, 0 failed`);
