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
const schema = { type: "object", properties: { level: { type: "integer" } }, required: ["level"], additionalProperties: false };
const structured = await client.chat.completions.parse({
  model: LLM, messages: user("The level is 4."), response_format: { type: "json_schema", json_schema: { name: "probe", schema, strict: true } },
});
check("structured output", JSON.parse(structured.choices[0].message.content).level === 4);

const response = await client.responses.create({ model: LLM, input: "Reply with exactly: nonce-js-2" });
check("responses", response.output_text === "nonce-js-2", response);
const types = [];
for await (const event of await client.responses.create({ model: LLM, input: "Say hello", stream: true })) types.push(event.type);
check("responses stream", types.at(0) === "response.created" && types.at(-1) === "response.completed", types);
const final = await client.responses.stream({ model: LLM, input: "Count from 1 to 5", instructions: "Be brief." }).finalResponse();
check("responses stream helper", final.output_text === "1, 2, 3, 4, 5" && final.usage.total_tokens > 0, final);
const calling = await client.responses.create({ model: LLM, input: "What is the weather in Oslo?", tools: [{ type: "function", strict: true, ...weather.function }] });
check("responses tools", calling.output[0].type === "function_call" && JSON.parse(calling.output[0].arguments).city === "Oslo", calling);
const loose = await client.chat.completions.create({ model: LLM, messages: user("Return JSON with key ok set to true."), response_format: { type: "json_object" } });
check("json_object", JSON.parse(loose.choices[0].message.content).ok === true, loose);

const vectors = await client.embeddings.create({ model: EMBEDDING, input: ["a", "b"], dimensions: 16, encoding_format: "float" });
check("embeddings", vectors.data.every((entry) => entry.embedding.length === 16));
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

const keyed = { headers: { "Idempotency-Key": "compat-node-1" } };
const once = await client.chat.completions.create({ model: LLM, messages: user("Say one") }, keyed);
const twice = await client.chat.completions.create({ model: LLM, messages: user("Say one") }, keyed);
check("replay", once.id === twice.id, [once.id, twice.id]);

const refusals = [
  [OpenAI.AuthenticationError, () => client.withOptions({ apiKey: "rp_live_wrong" }).models.list()],
  [OpenAI.NotFoundError, () => client.models.retrieve("none-such")],
  [OpenAI.BadRequestError, () => client.chat.completions.create({ model: LLM, messages: user("x"), surprise: 1 })],
  [OpenAI.ConflictError, () => client.chat.completions.create({ model: LLM, messages: user("Say two") }, keyed)],
  [OpenAI.PermissionDeniedError, () => client.withOptions({ apiKey: process.env.RUNINFRA_PIPELINE_API_KEY }).models.list()],
  [OpenAI.UnprocessableEntityError, async () => client.audio.transcriptions.create({ model: ASR, file: await toFile(Buffer.from("noise"), "a.wav") })],
];
for (const [kind, run] of refusals) {
  await assert.rejects(run, (error) => error instanceof kind && Boolean(error.requestID), kind.name);
  passed += 1;
}

console.log(`openai-node: ${passed} passed, 0 failed`);
