/** Malformed requests and streams in bulk (SPEC 8.5): no crash, no hang, no 500. Seeds are fixed: failures repeat. */
import assert from 'node:assert/strict';
import type { Dialect } from '../../proxy/dialects/canonical';
import { isObject } from '../../shared/json';
import type { Json, JsonObject } from '../../shared/json';
import { assertErrorBody } from '../support/check/check-error-body';
import { checkStream, DIALECT_NAMES, sendSmall, smallRequest } from '../support/dialect-requests';
import { startScriptedUpstream } from '../support/upstream/scripted-upstream';
import type { ScriptedUpstream } from '../support/upstream/scripted-upstream';
import { seededRandom } from '../support/split-bytes';
import { accountAt, startPortside } from '../support/start-portside';
import type { StartedPortside } from '../support/start-portside';

const TRANSLATED: Dialect[] = ['openai-chat', 'anthropic', 'gemini'];
const SCHEMA = {
  type: 'object',
  properties: { city: { type: ['string', 'null'] } },
  $defs: { a: { $ref: '#/$defs/a' } },
};

/** A request with something of everything, to be broken. */
const RICH: Record<'openai-chat' | 'anthropic' | 'gemini', JsonObject> = {
  'openai-chat': {
    model: 'm',
    messages: [
      { role: 'system', content: 'Be terse.' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Hi' },
          { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } },
        ],
      },
      {
        role: 'assistant',
        content: null,
        tool_calls: [{ id: 'c1', type: 'function', function: { name: 'f', arguments: '{"a":1}' } }],
      },
      { role: 'tool', tool_call_id: 'c1', content: 'done' },
    ],
    tools: [{ type: 'function', function: { name: 'f', description: 'd', parameters: SCHEMA } }],
    tool_choice: { type: 'function', function: { name: 'f' } },
    response_format: { type: 'json_schema', json_schema: { name: 'x', schema: SCHEMA } },
    stop: ['a', 'b'],
    temperature: 0.5,
    max_tokens: 10,
    stream_options: { include_usage: true },
    reasoning_effort: 'low',
    seed: 1,
    n: 1,
  },
  anthropic: {
    model: 'm',
    max_tokens: 2000,
    system: [{ type: 'text', text: 'Be terse.', cache_control: { type: 'ephemeral' } }],
    messages: [
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Hi' },
          { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } },
        ],
      },
      {
        role: 'assistant',
        content: [
          { type: 'thinking', thinking: 't', signature: 's' },
          { type: 'tool_use', id: 't1', name: 'f', input: { a: 1 } },
        ],
      },
      {
        role: 'user',
        content: [{ type: 'tool_result', tool_use_id: 't1', content: [{ type: 'text', text: 'done' }] }],
      },
    ],
    tools: [{ name: 'f', description: 'd', input_schema: SCHEMA }],
    tool_choice: { type: 'tool', name: 'f' },
    thinking: { type: 'enabled', budget_tokens: 1024 },
    metadata: { user_id: 'u' },
    stop_sequences: ['a'],
    temperature: 1,
  },
  gemini: {
    systemInstruction: { parts: [{ text: 'Be terse.' }] },
    contents: [
      { role: 'user', parts: [{ text: 'Hi' }, { inlineData: { mimeType: 'image/png', data: 'AAAA' } }] },
      { role: 'model', parts: [{ functionCall: { name: 'f', args: { a: 1 } }, thoughtSignature: 'AAAA' }] },
      { role: 'user', parts: [{ functionResponse: { name: 'f', response: { output: 'done' } } }] },
    ],
    tools: [
      {
        functionDeclarations: [
          { name: 'f', description: 'd', parameters: { type: 'OBJECT', properties: {} } },
        ],
      },
    ],
    toolConfig: { functionCallingConfig: { mode: 'ANY', allowedFunctionNames: ['f'] } },
    generationConfig: {
      temperature: 0.5,
      stopSequences: ['a'],
      thinkingConfig: { thinkingBudget: 100 },
      responseSchema: { type: 'STRING' },
      responseMimeType: 'application/json',
    },
    safetySettings: [],
  },
};

const ODD: Json[] = [
  null,
  true,
  -1,
  1e99,
  '',
  'x',
  '\u0000',
  '🦊',
  [],
  {},
  [[]],
  [null],
  { type: 'unknown' },
  '__proto__',
  [{}],
  { $ref: '#' },
];

/** One value somewhere in the tree replaced, removed, doubled or renamed. */
function broken(value: Json, random: () => number): Json {
  const paths: (string | number)[][] = [];
  const walk = (node: Json | undefined, path: (string | number)[]) => {
    if (path.length > 0) paths.push(path);
    if (Array.isArray(node)) node.forEach((one, index) => walk(one, [...path, index]));
    else if (isObject(node)) for (const key of Object.keys(node)) walk(node[key], [...path, key]);
  };
  walk(value, []);
  const copy = structuredClone(value);
  const path = paths[Math.floor(random() * paths.length)]!;
  let parent: Json = copy;
  for (const step of path.slice(0, -1)) parent = (parent as Record<string | number, Json>)[step]!;
  const last = path.at(-1)!;
  const holder = parent as Record<string | number, Json | undefined>;
  const odd = ODD[Math.floor(random() * ODD.length)]!;
  switch (Math.floor(random() * 4)) {
    case 0:
      delete holder[last];
      break;
    case 1:
      holder[last] = [holder[last] ?? null, odd];
      break;
    default:
      holder[last] = odd;
  }
  return copy;
}

describe('malformed input in bulk (SPEC 8.5)', () => {
  let upstream: ScriptedUpstream;
  let portside: StartedPortside;
  before(async () => {
    upstream = await startScriptedUpstream();
  });
  afterEach(async () => {
    upstream.reset();
    await portside.stop();
  });
  after(() => upstream.close());

  for (const client of TRANSLATED)
    for (const account of TRANSLATED.filter((one) => one !== client))
      it(`answers 150 broken ${client} requests for a ${account} account with 200 or 4xx`, async () => {
        portside = await startPortside({ accounts: [accountAt(upstream, account)] });
        const random = seededRandom(20260101);
        const rich = RICH[client as keyof typeof RICH];
        for (let count = 0; count < 150; count++) {
          let body: Json = rich;
          // The first one is whole, and must be served.
          for (let times = count === 0 ? 0 : 1 + Math.floor(random() * 3); times > 0; times--)
            body = broken(body, random);
          const stream = random() < 0.3;
          const { path, headers } = smallRequest(client, 'm', stream);
          const sent = JSON.stringify(client !== 'gemini' && isObject(body) ? { ...body, stream } : body);
          const response = await fetch(portside.url + path, { method: 'POST', headers, body: sent });
          const text = await response.text();
          const said = `${response.status} for ${sent}: ${text.slice(0, 300)}`;
          assert.ok(response.status === 200 || (response.status >= 400 && response.status < 500), said);
          if (count === 0) assert.equal(response.status, 200, said);
          assert.ok(response.headers.get('x-request-id'), said);
          if (response.status !== 200) assertErrorBody(client, response.status, JSON.parse(text));
        }
        assert.equal((await fetch(`${portside.url}/healthz`)).status, 200);
      }).timeout(60_000);

  for (const dialect of DIALECT_NAMES)
    it(`answers 200 ${dialect} bodies with broken bytes with 200 or 4xx`, async () => {
      portside = await startPortside({ accounts: [accountAt(upstream, dialect)] });
      const random = seededRandom(7);
      const { path, headers, body } = smallRequest(dialect, 'm');
      const whole = Buffer.from(JSON.stringify(body));
      for (let count = 0; count < 200; count++) {
        const bytes = Buffer.from(whole);
        for (let times = 1 + Math.floor(random() * 3); times > 0; times--)
          bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
        const cut = random() < 0.3 ? bytes.subarray(0, Math.floor(random() * bytes.length)) : bytes;
        const response = await fetch(portside.url + path, {
          method: 'POST',
          headers,
          body: new Uint8Array(cut),
        });
        const text = await response.text();
        assert.ok(
          response.status === 200 || (response.status >= 400 && response.status < 500),
          `${response.status} ${cut.toString('latin1')}: ${text}`,
        );
      }
    });

  for (const client of TRANSLATED)
    for (const account of TRANSLATED)
      it(`ends 60 broken ${account} streams for a ${client} client: legally, with an error, or not at all`, async () => {
        portside = await startPortside({
          accounts: [accountAt(upstream, account)],
          timeouts: { idleMs: 1000, firstByteMs: 5000 },
        });
        upstream.reply({
          reasoning: 'Think.',
          text: 'Some words.',
          toolCalls: [{ name: 'f', arguments: { a: 1 } }],
        });
        const whole = Buffer.from(
          await (await sendSmall(upstream.url, account, { stream: true })).arrayBuffer(),
        );
        upstream.reset();
        const random = seededRandom(99);
        for (let count = 0; count < 60; count++) {
          const bytes = Buffer.from(whole);
          for (let times = 1 + Math.floor(random() * 4); times > 0; times--)
            bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
          const cut = random() < 0.5 ? bytes.subarray(0, Math.floor(random() * bytes.length)) : bytes;
          upstream.fail({
            body: cut,
            headers: { 'content-type': 'text/event-stream' },
            framing: { seed: count },
          });
          const response = await sendSmall(portside.url, client, { stream: true });
          const text = await response.text().catch(() => undefined);
          const said = `${response.status} for ${cut.toString('latin1')}: ${text?.slice(0, 500)}`;
          if (response.status !== 200) {
            assert.ok([400, 429, 502].includes(response.status), said);
            continue;
          }
          // What passes through is as broken as it came; what is translated has a grammar.
          if (client === account || text === undefined) continue;
          const complaints = checkStream(client, text).complaints.filter((one) => !/are no JSON/.test(one));
          assert.deepEqual(complaints, [], said);
        }
      }).timeout(60_000);
});
