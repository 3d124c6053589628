/** Every conversation from every client to every account, streaming and not (SPEC 4.2): what arrives, what comes back. */
import assert from 'node:assert/strict';
import type { Dialect } from '../../../proxy/dialects/canonical';
import type { JsonObject } from '../../../shared/json';
import { checkAnthropicStream } from '../../support/check/check-anthropic-stream';
import { checkGeminiStream } from '../../support/check/check-gemini-stream';
import { checkOpenaiChatStream } from '../../support/check/check-openai-chat-stream';
import { checkOpenaiResponsesStream } from '../../support/check/check-openai-responses-stream';
import { DIALECT_NAMES } from '../../support/dialect-requests';
import { readEvents } from '../../support/read-events';
import type { ScriptedAnswer, WireEvent } from '../../support/upstream/scripted-answer';
import { startScriptedUpstream } from '../../support/upstream/scripted-upstream';
import type { RecordedRequest, ScriptedUpstream } from '../../support/upstream/scripted-upstream';
import { accountAt, startPortside } from '../../support/start-portside';
import type { StartedPortside } from '../../support/start-portside';
import type { StreamReading } from '../../support/stream-reading';
import { CORPUS } from './corpus';
import type { Case } from './corpus';
import { comparable, expectedAnswer, expectedAsk, expectedUsage } from './expectations';
import { foldStream } from './fold-stream';
import { canSay, OWN_FIELDS } from './features';
import { lossesOf } from './losses';
import type { Answer, WireAsk } from './neutral';
import { readAnswer } from './read-answer';
import { readRequest } from './read-request';
import { writeRequest } from './write-request';

/** Models that can do most of what their protocol has. */
const SERVED: Record<Dialect, string> = {
  'openai-chat': 'gpt-5',
  'openai-responses': 'gpt-5',
  anthropic: 'claude-opus-4-6',
  gemini: 'gemini-3-flash',
};
/** An account of OpenAI itself for chat completions, which has more than the servers that are compatible with it. */
const OPENAI = 'openai-itself';

/** What providers accept as a tool's name. */
const TOOL_NAME: Record<Dialect, RegExp> = {
  'openai-chat': /^[a-zA-Z0-9_-]{1,64}$/,
  'openai-responses': /^[a-zA-Z0-9_-]{1,64}$/,
  anthropic: /^[a-zA-Z0-9_-]{1,64}$/,
  gemini: /^[a-zA-Z_][a-zA-Z0-9_.-]{0,63}$/,
};

function check(client: Dialect, events: WireEvent[]): StreamReading {
  switch (client) {
    case 'openai-chat':
      return checkOpenaiChatStream(events, { usage: true });
    case 'openai-responses':
      return checkOpenaiResponsesStream(events);
    case 'anthropic':
      return checkAnthropicStream(events);
    case 'gemini':
      return checkGeminiStream(events);
  }
}

const parsedCalls = (answer: Answer) => ({
  ...answer,
  calls: answer.calls.map((call) => ({
    ...call,
    input: call.custom ? call.input : (JSON.parse(call.input || '{}') as unknown),
  })),
});

/** Upstreams call a free-text tool as such only where they were given one. */
function says(answer: ScriptedAnswer, client: Dialect, account: string): ScriptedAnswer {
  const native = account === 'openai-responses' || account === OPENAI || client === account;
  if (!answer.toolCalls || native) return answer;
  return { ...answer, toolCalls: answer.toolCalls.map(({ free: _free, ...call }) => call) };
}

describe('matrix', () => {
  let upstream: ScriptedUpstream;
  let portside: StartedPortside;
  before(async () => {
    upstream = await startScriptedUpstream();
    portside = await startPortside({
      accounts: [
        ...DIALECT_NAMES.map((dialect) => accountAt(upstream, dialect)),
        {
          id: OPENAI,
          provider: 'openai',
          dialect: 'openai-chat',
          baseUrl: upstream.openaiUrl,
          key: 'sk-openai',
        },
      ],
      routes: {
        ...Object.fromEntries(
          DIALECT_NAMES.map((dialect) => [`asked-${dialect}`, `${dialect}/${SERVED[dialect]}`]),
        ),
        [`asked-${OPENAI}`]: `${OPENAI}/${SERVED['openai-chat']}`,
      },
    });
  });
  after(async () => {
    await portside.stop();
    await upstream.close();
  });

  const post = (request: WireAsk) =>
    fetch(portside.url + request.path, {
      method: 'POST',
      headers: request.headers,
      body: JSON.stringify(request.body),
    });

  /** Asks once to learn how the upstream sees the names of the tools. */
  async function learnNames(given: Case, request: WireAsk): Promise<Case> {
    upstream.reply({ text: 'Hi' });
    await (await post(request)).arrayBuffer();
    const names = (readRequest(upstream.generations[0]!).tools ?? []).map((tool) => tool.name);
    upstream.reset();
    const calls = given.answer.toolCalls ?? [];
    return {
      ...given,
      answer: { ...given.answer, toolCalls: calls.map((call, at) => ({ ...call, name: names[at] ?? '' })) },
    };
  }

  /** Tools in the client's words again, after a look at the upstream's. */
  function renamed(given: Case, expected: JsonObject, got: JsonObject, account: Dialect): void {
    const tools = got.tools as JsonObject[];
    for (const tool of tools) assert.match(String(tool.name), TOOL_NAME[account]);
    assert.equal(new Set(tools.map((tool) => tool.name)).size, tools.length, 'no two tools share a name');
    tools.forEach((tool, at) => (tool.name = (expected.tools as JsonObject[])[at]?.name));
    assert.equal(tools.length, given.ask.tools?.length);
  }

  function checkArrival(
    given: Case,
    client: Dialect,
    account: Dialect,
    sent: WireAsk,
    got: RecordedRequest,
  ): void {
    assert.equal(got.dialect, account);
    if (client === account) {
      const body = JSON.stringify(sent.body).replace(`"asked-${account}"`, `"${SERVED[account]}"`);
      assert.equal(got.bytes.toString(), body, 'the bytes arrive as they were sent');
      return;
    }
    const expected = expectedAsk(given, client, account);
    const read = comparable(readRequest(got), given, client, account);
    if (given.foreignNames) renamed(given, expected, read, account);
    if (account === 'anthropic' && given.features.includes('no output limit')) delete read.maxTokens;
    assert.deepEqual(read, expected);
  }

  async function checkReply(
    given: Case,
    client: Dialect,
    account: Dialect,
    response: Response,
    stream: boolean,
    model: string,
  ) {
    const body = await response.text();
    assert.equal(response.status, 200, body);
    const expected = expectedAnswer(given, client, account, model);
    if (!stream) {
      const answer = readAnswer(client, JSON.parse(body) as JsonObject);
      assert.deepEqual(parsedCalls(answer), parsedCalls(expected));
      return;
    }
    const events = readEvents(body);
    const reading = check(client, events);
    const several = expected.choices.length > 1;
    // The checkers know streams of one answer.
    if (!several) assert.deepEqual(reading.complaints, []);
    const answer = readAnswer(client, foldStream(client, events));
    assert.deepEqual(parsedCalls(answer), parsedCalls(expected));
    if (!several) assert.equal(reading.text, expected.text, 'the deltas say the same');
  }

  async function checkRecord(given: Case, client: Dialect, account: Dialect, response: Response) {
    const record = await portside.recorded(response.headers.get('x-request-id') ?? '');
    assert.equal(record.outcome, 'completed');
    assert.equal(response.headers.get('x-portside-model'), SERVED[account]);
    assert.deepEqual(record.usage, expectedUsage(given, account));
    const left = [...record.warnings];
    for (const loss of lossesOf(given.features, client, account)) {
      const fits = ({ type, field }: { type: string; field: string }) =>
        type === loss.type && loss.field.test(field);
      const least = loss.count === 'each' ? 1 : (loss.count ?? 1);
      for (let found = 0; found < least || (loss.count === 'each' && left.some(fits)); found++) {
        const at = left.findIndex(fits);
        assert.ok(
          at >= 0,
          `a warning about ${loss.feature} (${loss.type} ${String(loss.field)}) is missing: ${JSON.stringify(record.warnings)}`,
        );
        left.splice(at, 1);
      }
    }
    assert.deepEqual(left, [], 'no warning where nothing is lost');
  }

  async function run(
    given: Case,
    client: Dialect,
    account: Dialect,
    stream: boolean,
    id: string = account,
  ): Promise<void> {
    upstream.reset();
    const ask = { ...given.ask };
    if (given.features.includes('no output limit')) delete ask.maxTokens;
    const request = writeRequest(client, ask, {
      model: `asked-${id}`,
      stream,
      ...(given.callIds === false && { callIds: false }),
    });
    if (given.features.includes('field of its own')) Object.assign(request.body, OWN_FIELDS[client]);
    const scripted = given.foreignNames ? await learnNames(given, request) : given;
    upstream.reply(says(scripted.answer, client, id), {
      ...(given.framing && { framing: given.framing }),
    });
    const response = await post(request);
    const [refused] = lossesOf(given.features, client, account).filter((loss) => loss.type === 'refused');
    if (refused) {
      const text = await response.text();
      assert.equal(response.status, 400, text);
      assert.match(text, refused.field);
      return;
    }
    const cell = { ...given, ask };
    const got = upstream.generations[0];
    assert.ok(got, 'the upstream was asked');
    checkArrival(cell, client, account, request, got);
    const back = given.foreignNames
      ? {
          ...cell,
          answer: {
            ...given.answer,
            toolCalls: (given.answer.toolCalls ?? []).map((call, at) => ({
              ...call,
              name: ask.tools?.[at]?.name ?? '',
            })),
          },
        }
      : cell;
    await checkReply(back, client, account, response, stream, `asked-${id}`);
    await checkRecord(cell, client, account, response);
  }

  for (const given of CORPUS)
    describe(given.name, () => {
      for (const client of DIALECT_NAMES.filter((one) => canSay(given.features, one)))
        for (const account of DIALECT_NAMES)
          for (const stream of [false, true])
            it(`${client} → ${account}${stream ? ', streaming' : ''}`, () =>
              run(given, client, account, stream));
    });

  describe('OpenAI itself', () => {
    for (const given of CORPUS)
      for (const client of DIALECT_NAMES.filter(
        (one) => one !== 'openai-chat' && canSay(given.features, one),
      ))
        it(`${given.name}, ${client}`, () => {
          const features = given.features.filter((feature) => feature !== 'free-text tool');
          return run({ ...given, features }, client, 'openai-chat', true, OPENAI);
        });
  });
});
