/**
 * Reasoning over several turns with tools (SPEC 4.5): what a provider wants back of its own thoughts comes back to it
 * through a client of any other protocol, and reaches nobody else.
 */
import assert from 'node:assert/strict';
import type { Dialect } from '../../../proxy/dialects/canonical';
import { ENVELOPE_MARK } from '../../../proxy/dialects/signatures/envelope';
import type { JsonObject } from '../../../shared/json';
import { DIALECT_NAMES } from '../../support/dialect-requests';
import { readEvents } from '../../support/read-events';
import type { ScriptedAnswer } from '../../support/upstream/scripted-answer';
import { startScriptedUpstream } from '../../support/upstream/scripted-upstream';
import type { ScriptedUpstream } from '../../support/upstream/scripted-upstream';
import { member, textMember } from '../../support/stream-reading';
import { accountAt, startPortside } from '../../support/start-portside';
import type { StartedPortside } from '../../support/start-portside';
import { carryOn } from './carry-on';
import type { NextTurn } from './carry-on';
import { foldStream } from './fold-stream';
import { objects } from './neutral';
import type { WireAsk } from './neutral';
import { writeRequest } from './write-request';

const SERVED: Record<Dialect, string> = {
  'openai-chat': 'deepseek-reasoner',
  'openai-responses': 'gpt-5',
  anthropic: 'claude-opus-4-6',
  gemini: 'gemini-3-flash',
};
const thought = (account: Dialect, turn: number) => `Thought ${turn} of ${account}.`;
const signature = (account: Dialect, turn: number) =>
  Buffer.from(`signature ${turn} of ${account}, ${'x'.repeat(40)}`).toString('base64');

/** What a provider wants back of a turn: its signature, or the thought itself where it signs none. */
const wanted = (account: Dialect, turn: number) =>
  account === 'openai-chat' ? thought(account, turn) : signature(account, turn);

/** The answer of a turn: the first two think and call, the third thinks and speaks. */
function answerOf(account: Dialect, turn: number): ScriptedAnswer {
  const signed = signature(account, turn);
  const reasoning = thought(account, turn);
  const calls = turn < 3;
  const id = `call_${account.replace('-', '_')}_${turn}`;
  return {
    reasoning,
    ...(account !== 'openai-chat' && !(account === 'gemini' && calls) && { signature: signed }),
    ...(calls
      ? {
          toolCalls: [
            { id, name: 'get_time', arguments: { turn }, ...(account === 'gemini' && { signature: signed }) },
          ],
        }
      : { text: `Answer ${turn} of ${account}.` }),
  };
}

/** What of earlier thoughts an upstream was given, in order. */
function given(account: Dialect, body: JsonObject): string[] {
  switch (account) {
    case 'openai-chat':
      return objects(body.messages)
        .map((one) => textMember(one, 'reasoning_content'))
        .filter(Boolean);
    case 'openai-responses':
      return objects(body.input)
        .map((item) => textMember(item, 'encrypted_content'))
        .filter(Boolean);
    case 'anthropic':
      return objects(body.messages)
        .flatMap((message) => objects(message.content))
        .map((block) => textMember(block, 'signature'))
        .filter(Boolean);
    case 'gemini':
      return objects(body.contents)
        .flatMap((content) => objects(content.parts))
        .map((part) => textMember(part, 'thoughtSignature'))
        .filter((one) => one !== '' && one !== 'skip_thought_signature_validator');
  }
}

describe('reasoning over several turns', () => {
  let upstream: ScriptedUpstream;
  let portside: StartedPortside;
  before(async () => {
    upstream = await startScriptedUpstream();
    portside = await startPortside({
      accounts: DIALECT_NAMES.map((dialect) => accountAt(upstream, dialect)),
      routes: Object.fromEntries(
        DIALECT_NAMES.map((dialect) => [`asked-${dialect}`, `${dialect}/${SERVED[dialect]}`]),
      ),
    });
  });
  beforeEach(() => {
    upstream.reset();
  });
  after(async () => {
    await portside.stop();
    await upstream.close();
  });

  function begin(client: Dialect, account: Dialect, stream: boolean): WireAsk {
    const request = writeRequest(
      client,
      {
        turns: [
          {
            role: 'user',
            parts: [
              { type: 'text', text: 'What time is it?' },
              { type: 'text', text: 'Think.' },
            ],
          },
        ],
        tools: [{ name: 'get_time', description: 'Tells the time.' }],
        thinking: { effort: 'medium' },
        maxTokens: 16_000,
      },
      { model: `asked-${account}`, stream },
    );
    // As agents do that keep their conversations themselves.
    if (client === 'openai-responses')
      Object.assign(request.body, { store: false, include: ['reasoning.encrypted_content'] });
    return request;
  }

  /** One turn: asks, and gives the answer's body. */
  async function turn(
    client: Dialect,
    account: Dialect,
    request: WireAsk,
    stream: boolean,
    says: ScriptedAnswer,
  ) {
    upstream.reply(says, { times: 1 });
    const response = await fetch(portside.url + request.path, {
      method: 'POST',
      headers: request.headers,
      body: JSON.stringify(request.body),
    });
    const text = await response.text();
    assert.equal(response.status, 200, text);
    const record = await portside.recorded(response.headers.get('x-request-id') ?? '');
    assert.ok(record.account?.includes(`(${account})`));
    return {
      body: stream ? foldStream(client, readEvents(text)) : (JSON.parse(text) as JsonObject),
      asked: upstream.generations.at(-1)!.json,
      bytes: upstream.generations.at(-1)!.bytes.toString(),
      warnings: record.warnings,
    };
  }

  const resultOf = (account: Dialect, number: number): NextTurn => ({
    results: [{ id: `call_${account.replace('-', '_')}_${number}`, name: 'get_time', text: `12:3${number}` }],
  });

  function address(request: WireAsk, from: Dialect, to: Dialect): WireAsk {
    return JSON.parse(JSON.stringify(request).replaceAll(`asked-${from}`, `asked-${to}`)) as WireAsk;
  }

  for (const client of DIALECT_NAMES)
    for (const account of DIALECT_NAMES.filter((one) => one !== client))
      for (const stream of [false, true])
        for (const forgetful of client === 'openai-chat' ? [true] : [false, true]) {
          const how = `${stream ? ', streaming' : ''}${forgetful ? ', without keeping thoughts' : ''}`;
          it(`${client} → ${account}${how}`, async () => {
            const first = begin(client, account, stream);
            const one = await turn(client, account, first, stream, answerOf(account, 1));
            if (account === 'openai-responses')
              assert.deepEqual(
                one.asked.include,
                ['reasoning.encrypted_content'],
                'encrypted thoughts are asked for',
              );
            const second = carryOn(client, first, one.body, { ...resultOf(account, 1), forgetful });
            const two = await turn(client, account, second, stream, answerOf(account, 2));
            assert.deepEqual(given(account, two.asked), [wanted(account, 1)]);
            const third = carryOn(client, second, two.body, { ...resultOf(account, 2), forgetful });
            const three = await turn(client, account, third, stream, answerOf(account, 3));
            assert.deepEqual(given(account, three.asked), [wanted(account, 1), wanted(account, 2)]);
            const fourth = carryOn(client, third, three.body, { say: 'And now?', forgetful });
            const four = await turn(client, account, fourth, stream, { text: 'Bye.' });
            const all = [1, 2, 3].map((number) => wanted(account, number));
            // Where nothing was called, thoughts are for the model's own use; some protocols want no more of them.
            const expected = account === 'openai-chat' ? all.slice(0, 2) : all;
            assert.deepEqual(given(account, four.asked).slice(0, expected.length), expected);
            for (const { bytes, warnings } of [one, two, three, four]) {
              assert.ok(!bytes.includes(ENVELOPE_MARK), 'no envelope leaves the house');
              assert.deepEqual(warnings, []);
            }
          });
        }

  describe('an account of another protocol in between', () => {
    for (const client of DIALECT_NAMES)
      for (const account of DIALECT_NAMES)
        for (const other of DIALECT_NAMES.filter((one) => one !== account))
          it(`${client} → ${account}, ${other}, ${account}`, async () => {
            const first = begin(client, account, true);
            const one = await turn(client, account, first, true, answerOf(account, 1));
            const second = address(carryOn(client, first, one.body, resultOf(account, 1)), account, other);
            const two = await turn(client, other, second, true, answerOf(other, 2));
            assert.ok(!two.bytes.includes(ENVELOPE_MARK), 'no envelope leaves the house');
            assert.ok(!two.bytes.includes(signature(account, 1)), 'no foreign signature');
            if (other === 'openai-chat' && client !== 'openai-chat')
              assert.deepEqual(given(other, two.asked), [], 'no foreign thought');
            const third = address(carryOn(client, second, two.body, resultOf(other, 2)), other, account);
            const three = await turn(client, account, third, true, { text: 'Bye.' });
            assert.ok(!three.bytes.includes(ENVELOPE_MARK), 'no envelope leaves the house');
            assert.ok(!three.bytes.includes(signature(other, 2)), 'no foreign signature');
            const own = client === account && client === 'openai-chat' ? [] : [wanted(account, 1)];
            assert.deepEqual(given(account, three.asked), own);
            assert.equal(member(three.asked, 'metadata').portside, undefined);
          });
  });
});
