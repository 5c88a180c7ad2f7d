// Serves a DeepSeek-R1 model over OpenAI's chat completions, with node-llama-cpp at its best: one
// context, continuous batching over its sequences, flash attention, and the part of a prompt that
// a sequence has read before is not read again. It answers without reasoning, greedily, under a
// grammar made from the JSON schema of the request.
//
//   npm install --ignore-scripts
//   node server.mjs --model FILE.gguf [--sequences N] [--threads N] [--context TOKENS] [--port N]

import { createServer } from "node:http";
import { parseArgs } from "node:util";
import { getLlama, LlamaCompletion, LlamaGrammar } from "node-llama-cpp";
import { grammarOf } from "./grammar.mjs";

const BATCH_TOKENS = 512;
const LARGEST_REQUEST = 1 << 20;

const { values: options } = parseArgs({
  options: {
    model: { type: "string" },
    sequences: { type: "string", default: "4" },
    threads: { type: "string", default: "2" },
    context: { type: "string", default: "2048" },
    port: { type: "string", default: "8090" },
  },
});
if (!options.model) {
  console.error("--model is missing: give it a GGUF file");
  process.exit(2);
}

const threads = Number(options.threads);
const llama = await getLlama({ gpu: false, build: "never", maxThreads: threads });
const model = await llama.loadModel({ modelPath: options.model });
const context = await model.createContext({
  sequences: Number(options.sequences),
  contextSize: Number(options.context),
  batchSize: BATCH_TOKENS,
  flashAttention: true,
  threads: { ideal: threads, min: threads },
});

const begin = model.tokenize("<｜User｜>", true);
const end = model.tokenize("<｜Assistant｜><think>\n\n</think>\n\n", true);
const grammars = new Map();
const waiting = [];
const free = Array.from({ length: Number(options.sequences) }, () => {
  const contextSequence = context.getSequence();
  return { contextSequence, completion: new LlamaCompletion({ contextSequence }) };
});

const server = createServer(async (request, response) => {
  try {
    if (request.method !== "POST" || request.url !== "/v1/chat/completions") {
      reply(response, 404, { error: { message: "only POST /v1/chat/completions is served" } });
      return;
    }
    reply(response, 200, await complete(JSON.parse(await read(request))));
  } catch (error) {
    const asked = error instanceof RangeError || error instanceof SyntaxError;
    reply(response, asked ? 400 : 500, { error: { message: String(error.message) } });
  }
});
server.listen(Number(options.port), "127.0.0.1", () => {
  console.log(`ready at http://127.0.0.1:${options.port}/v1`);
});
for (const signal of ["SIGINT", "SIGTERM"]) {
  process.on(signal, () => process.exit(0));
}

async function complete(request) {
  const grammar = grammarFor(request.response_format?.json_schema?.schema);
  const text = request.messages.map((message) => message.content).join("\n");
  const prompt = [model.tokens.bos, ...begin, ...model.tokenize(text, false), ...end];
  const sequence = free.pop() ?? (await new Promise((resolve) => waiting.push(resolve)));
  try {
    const before = sequence.contextSequence.tokenMeter.getState();
    const answer = await sequence.completion.generateCompletion(prompt, {
      grammar,
      maxTokens: request.max_tokens,
      temperature: 0,
    });
    const used = sequence.contextSequence.tokenMeter.diff(before);
    return {
      object: "chat.completion",
      model: request.model,
      choices: [
        { index: 0, finish_reason: "stop", message: { role: "assistant", content: answer } },
      ],
      usage: {
        prompt_tokens: prompt.length,
        completion_tokens: used.usedOutputTokens,
        total_tokens: prompt.length + used.usedOutputTokens,
      },
    };
  } finally {
    const next = waiting.shift();
    if (next) {
      next(sequence);
    } else {
      free.push(sequence);
    }
  }
}

function grammarFor(schema) {
  if (!schema) {
    throw new RangeError("response_format must be a json_schema");
  }
  const text = grammarOf(schema);
  if (!grammars.has(text)) {
    grammars.set(text, new LlamaGrammar(llama, { grammar: text }));
  }
  return grammars.get(text);
}

async function read(request) {
  const parts = [];
  let size = 0;
  for await (const part of request) {
    size += part.length;
    if (size > LARGEST_REQUEST) {
      throw new RangeError("the request is larger than 1 MiB");
    }
    parts.push(part);
  }
  return Buffer.concat(parts).toString("utf8");
}

function reply(response, status, body) {
  response.writeHead(status, { "Content-Type": "application/json" });
  response.end(JSON.stringify(body));
}
