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
const helper = client.chat.completions.stream({ model: LLM, messages: user("Say hello") });
check("chat stream helper", (await helper.finalContent()) === "hello");

const called = await client.chat.completions.create({ model: LLM, messages: user("What is the weather in Paris?"), tools: [weather] });
check("tools", JSON.parse(called.choices[0].message.tool_calls[0].function.arguments).city === "Paris", called);
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

const vectors = await client.embeddings.create({ model: EMBEDDING, input: ["a", "b"], dimensions: 16, encoding_format: "float" });
check("embeddings", vectors.data.every((entry) => entry.embedding.length === 16));
const picture = (await client.images.generate({ model: IMAGE, prompt: "a red square", size: "256x256", response_format: "b64_json" })).data[0].b64_json;
check("images", Buffer.from(picture, "base64").subarray(1, 4).toString() === "PNG");
const look = [{ type: "text", text: "What size is this image?" }, { type: "image_url", image_url: { url: `data:image/png;base64,${picture}` } }];
check("vision", (await client.chat.completions.create({ model: VISION, messages: user(look) })).choices[0].message.content === "256x256");

const speech = await client.audio.speech.create({ model: TTS, voice: "alloy", input: "node speaks 42", response_format: "wav" });
const audio = Buffer.from(await speech.arrayBuffer());
check("speech", audio.subarray(0, 4).toString() === "RIFF");
const heard = await client.audio.transcriptions.create({ model: ASR, file: await toFile(audio, "a.wav"), response_format: "verbose_json" });
check("transcription", heard.text === "node speaks 42" && heard.segments.length > 0, heard);

const refusals = [
  [OpenAI.AuthenticationError, () => client.withOptions({ apiKey: "rp_live_wrong" }).models.list()],
  [OpenAI.NotFoundError, () => client.models.retrieve("none-such")],
  [OpenAI.BadRequestError, () => client.chat.completions.create({ model: LLM, messages: user("x"), surprise: 1 })],
  [OpenAI.UnprocessableEntityError, async () => client.audio.transcriptions.create({ model: ASR, file: await toFile(Buffer.from("noise"), "a.wav") })],
];
for (const [kind, run] of refusals) {
  await assert.rejects(run, (error) => error instanceof kind && Boolean(error.requestID), kind.name);
  passed += 1;
}

console.log(`openai-node: ${passed} passed, 0 failed`);
