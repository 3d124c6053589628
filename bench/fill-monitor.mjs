// Fills a database of the monitor with records as agents would leave them, through the keeper itself.
import { createRequire } from 'node:module';
import { join } from 'node:path';

const { serveKeeper } = createRequire(import.meta.url)(join(import.meta.dirname, '..', 'dist', 'monitor.js'));

const MODELS = Array.from({ length: 30 }, (_, index) => `model-${index}`);
const CLIENTS = ['claude-cli', 'codex_cli_rs', 'GeminiCLI', 'opencode', 'OpenAI/JS'];
const ACCOUNTS = Array.from({ length: 10 }, (_, index) => `Account ${index + 1}`);
const PROTOCOLS = ['openai-chat', 'openai-responses', 'anthropic', 'gemini'];
const ERRORS = [
  'rate limit of requests per minute',
  'overloaded',
  'the model is not known',
  'connection reset',
];

/** The same sequence in every run. */
function randomFrom(seed) {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    // The low bits of such a sequence repeat soon.
    return Math.floor((state / 2 ** 32) * below);
  };
}

function record(index, time, random) {
  const model = MODELS[random(MODELS.length)];
  const account = ACCOUNTS[random(ACCOUNTS.length)];
  const failed = random(20) === 0;
  const inputTokens = 1000 + random(100_000);
  const error = `${account}: ${ERRORS[random(ERRORS.length)]}`;
  return {
    seq: time * 1000,
    id: `req_bench${index}`,
    time,
    method: 'POST',
    path: '/v1/messages',
    client: CLIENTS[random(CLIENTS.length)],
    clientDialect: PROTOCOLS[random(PROTOCOLS.length)],
    upstreamDialect: PROTOCOLS[random(PROTOCOLS.length)],
    modelAsked: model,
    modelServed: model,
    account,
    attempts: [{ account, model, status: failed ? 500 : 200, ...(failed && { reason: error }) }],
    status: failed ? 500 : 200,
    outcome: failed ? 'failed' : 'completed',
    firstByteMs: 200 + random(2000),
    durationMs: 2000 + random(30_000),
    usage: { inputTokens, cachedInputTokens: random(inputTokens), outputTokens: random(3000) },
    warnings: [],
    ...(failed && { error }),
  };
}

/** Writes `count` records of the last hours into a database. Resolves when they are there. */
export function fillMonitor(file, count) {
  const random = randomFrom(7);
  const begin = Date.now() - count * 500;
  let hear;
  const tell = (message) => hear(message);
  return new Promise((resolve) => {
    serveKeeper({
      on: (_event, listener) => (hear = listener),
      postMessage: (message) => message.type === 'answer' && resolve(),
    });
    const settings = {
      enabled: true,
      captureBodies: false,
      bodyLimitKiB: 1024,
      keepDays: 30,
      maxRecords: 1_000_000,
      maxMiB: 1024,
      prices: { 'model-*': { input: 3, output: 15 } },
    };
    tell({ type: 'configure', settings, file, secrets: [] });
    for (let at = 0; at < count; at += 500) {
      const records = Array.from({ length: Math.min(500, count - at) }, (_, index) =>
        record(at + index, begin + (at + index) * 500, random),
      );
      tell({ type: 'append', records: JSON.stringify(records), messages: [] });
    }
    tell({ type: 'close', id: 1 });
  });
}
