/** Reasoning and its signatures over several turns: restored, kept apart, never sent to another (SPEC 4.5, CASES 13-17). */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Dialect } from '../../proxy/dialects/canonical';
import { ENVELOPE_MARK } from '../../proxy/dialects/signatures/envelope';
import type { JsonObject } from '../../shared/json';
import { isObject } from '../../shared/json';
import { runCommand, type RunningCommand } from '../support/run-command';
import { startScriptedUpstream, type ScriptedUpstream } from '../support/upstream/scripted-upstream';
import {
  accountAt,
  accountsOfAll,
  ownModel,
  SERVED_MODEL,
  startPortside,
  type StartedPortside,
} from '../support/start-portside';
import { anthropicSession, geminiSession, openaiSession, responsesSession } from '../support/tool-session';

const SESSIONS = {
  'openai-chat': openaiSession,
  'openai-responses': responsesSession,
  anthropic: anthropicSession,
  gemini: geminiSession,
};
type Client = keyof typeof SESSIONS;

const objects = (value: unknown): JsonObject[] => (Array.isArray(value) ? value.filter(isObject) : []);
/** Parts of a Gemini request's model contents. */
const modelParts = (body: JsonObject): JsonObject[] =>
  objects(body['contents'])
    .filter(({ role }) => role === 'model')
    .flatMap(({ parts }) => objects(parts));
/** Signatures by the id of their call. */
const callSignatures = (body: JsonObject) =>
  Object.fromEntries(
    modelParts(body).flatMap((part) =>
      isObject(part['functionCall']) ? [[String(part['functionCall']['id']), part['thoughtSignature']]] : [],
    ),
  );
/** Blocks of an Anthropic request's assistant messages, by message. */
const assistantBlocks = (body: JsonObject): JsonObject[][] =>
  objects(body['messages'])
    .filter(({ role }) => role === 'assistant')
    .map(({ content }) => objects(content));
const assistantMessages = (body: JsonObject): JsonObject[] =>
  objects(body['messages']).filter(({ role }) => role === 'assistant');

const call = (id: string, name: string, signature?: string) => ({
  id,
  name,
  arguments: { of: id },
  ...(signature !== undefined && { signature }),
});

describe('signatures', () => {
  let upstream: ScriptedUpstream;
  let folder: string;
  let portside: StartedPortside;
  let command: RunningCommand | undefined;
  before(async () => {
    upstream = await startScriptedUpstream();
  });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'portside-signatures-'));
  });
  afterEach(async () => {
    await command?.stop('SIGKILL');
    command = undefined;
    await portside?.stop();
    upstream.reset();
    rmSync(folder, { recursive: true });
  });
  after(() => upstream.close());

  const start = async (dialect: Dialect, storage?: string) => {
    portside = await startPortside(
      { accounts: [accountAt(upstream, dialect)], routes: { '*': SERVED_MODEL } },
      storage,
    );
  };
  const lastBody = () => upstream.generations.at(-1)!.json;

  for (const stream of [false, true]) {
    const how = stream ? ', streaming' : '';

    for (const client of ['openai-chat', 'openai-responses', 'anthropic'] as const)
      it(`of Gemini come back per call after a restart: ${client} client, three tool turns${how} (CASES 15)`, async () => {
        await start('gemini', folder);
        const session = SESSIONS[client]({ stream });
        for (const turn of [1, 2, 3]) {
          // The first call alone is signed by Gemini; both, to see that each keeps its own.
          const calls = [
            call(`f${turn}`, 'f', `sig-f${turn}`),
            call(`g${turn}`, 'g', turn === 2 ? 'sig-g2' : undefined),
          ];
          upstream.reply({ toolCalls: calls }, { times: 1 });
          await session.step(portside.url, 'm');
          if (turn !== 2) continue;
          await portside.stop();
          await start('gemini', folder);
        }
        upstream.reply({ text: 'All done.', signature: 'sig-text' }, { times: 1 });
        await session.step(portside.url, 'm');
        const expected = {
          f1: 'sig-f1',
          g1: undefined,
          f2: 'sig-f2',
          g2: 'sig-g2',
          f3: 'sig-f3',
          g3: undefined,
        };
        assert.deepEqual(callSignatures(lastBody()), expected);
        await portside.stop();
        await start('gemini', folder);
        await session.step(portside.url, 'm');
        assert.deepEqual(callSignatures(lastBody()), expected);
        assert.deepEqual(
          modelParts(lastBody()).filter((part) => part['text'] !== undefined),
          [{ text: 'All done.', thoughtSignature: 'sig-text' }],
        );
      });

    for (const client of ['openai-chat', 'openai-responses', 'gemini'] as const)
      it(`of Anthropic come back before what they led to, over three turns: ${client} client${how} (CASES 13)`, async () => {
        await start('anthropic', folder);
        const session = SESSIONS[client]({ stream });
        upstream.reply(
          {
            reasoning: 'first',
            signature: 'c2lnMQ==',
            text: 'I call',
            toolCalls: [call('t1', 'f'), call('t2', 'g')],
          },
          { times: 1 },
        );
        await session.step(portside.url, 'm');
        await portside.stop();
        await start('anthropic', folder);
        upstream.reply({ reasoning: 'second', signature: 'c2lnMg==', text: 'The answer.' }, { times: 1 });
        await session.step(portside.url, 'm');
        upstream.reply(
          { reasoning: 'third', signature: 'c2lnMw==', toolCalls: [call('t3', 'f')] },
          { times: 1 },
        );
        await session.step(portside.url, 'm');
        await session.step(portside.url, 'm');
        const thinking = (text: string, signature: string) => ({
          type: 'thinking',
          thinking: text,
          signature,
        });
        const types = assistantBlocks(lastBody()).map((blocks) => blocks.map(({ type }) => type));
        assert.deepEqual(types, [
          ['thinking', 'text', 'tool_use', 'tool_use'],
          ['thinking', 'text'],
          ['thinking', 'tool_use'],
        ]);
        assert.deepEqual(
          assistantBlocks(lastBody()).map(([first]) => first),
          [thinking('first', 'c2lnMQ=='), thinking('second', 'c2lnMg=='), thinking('third', 'c2lnMw==')],
        );
      });

    for (const client of ['anthropic', 'gemini'] as const)
      for (const thinks of [true, false])
        it(`are not needed for reasoning_content, which a server like DeepSeek gets back: ${client} client${
          thinks ? ' that shows thoughts' : ''
        }${how} (CASES 16)`, async () => {
          await start('openai-chat');
          const session = SESSIONS[client]({ stream, thinks });
          upstream.reply(
            { reasoning: 'because A\n', toolCalls: [call('t1', 'f'), call('t2', 'g')] },
            { times: 1 },
          );
          await session.step(portside.url, 'm');
          upstream.reply({ reasoning: 'because B', text: 'The answer.' }, { times: 1 });
          await session.step(portside.url, 'm');
          await session.step(portside.url, 'm');
          assert.deepEqual(
            assistantMessages(lastBody()).map((message) => message['reasoning_content']),
            ['because A\n', 'because B'],
          );
        });

    for (const [client, account] of [
      ['anthropic', 'openai-chat'],
      ['gemini', 'openai-chat'],
      ['gemini', 'anthropic'],
    ] as const)
      it(`travel in an envelope: what ${account} thought is whole again without any memory, ${client} client${how}`, async () => {
        await start(account);
        const session = SESSIONS[client]({ stream, thinks: true });
        const reasoning = 'Grüße 👋🏽 "quoted"\\ \n';
        upstream.reply(
          { reasoning, signature: 'RXZYK2/=', toolCalls: [call('t1', 'f'), call('t2', 'g')] },
          { times: 1 },
        );
        await session.step(portside.url, 'm');
        await portside.stop();
        await start(account);
        await session.step(portside.url, 'm');
        if (account === 'anthropic')
          assert.deepEqual(assistantBlocks(lastBody())[0]?.[0], {
            type: 'thinking',
            thinking: reasoning,
            signature: 'RXZYK2/=',
          });
        else assert.equal(assistantMessages(lastBody())[0]?.['reasoning_content'], reasoning);
        assert.doesNotMatch(JSON.stringify(lastBody()), new RegExp(ENVELOPE_MARK));
      });

    for (const client of Object.keys(SESSIONS) as Client[])
      it(`never reach another provider when the account changes and changes back: ${client} client${how} (CASES 14)`, async () => {
        portside = await startPortside({ accounts: accountsOfAll(upstream) });
        const session = SESSIONS[client]({ stream, thinks: true });
        const turns: [Dialect, string][] = [
          ['gemini', 'R0VNSU5JMQ=='],
          ['anthropic', 'QU5USFJPUElDMQ=='],
          ['gemini', 'R0VNSU5JMg=='],
          ['anthropic', 'QU5USFJPUElDMg=='],
          ['openai-chat', 'none'],
          ['openai-responses', 'gAAAAABone'],
          ['gemini', 'R0VNSU5JMw=='],
          ['openai-responses', 'gAAAAABtwo'],
          ['anthropic', 'QU5USFJPUElDMw=='],
        ];
        for (const [index, [dialect, signature]] of turns.entries()) {
          const id = `t${index}`;
          upstream.reply(
            { reasoning: `thought ${id}`, signature, toolCalls: [call(id, 'f', signature)] },
            { times: 1 },
          );
          await session.step(portside.url, ownModel(dialect));
          const { json, dialect: asked } = upstream.generations.at(-1)!;
          assert.equal(asked, dialect);
          const text = JSON.stringify(json);
          assert.doesNotMatch(text, new RegExp(ENVELOPE_MARK));
          for (const [before, [other, foreign]] of turns.slice(0, index).entries()) {
            if (other === 'openai-chat') continue;
            const own = other === dialect;
            assert.equal(text.includes(foreign), own, `turn ${index} and the signature of turn ${before}`);
          }
          if (dialect === 'gemini')
            for (const [call, signed] of Object.entries(callSignatures(json)))
              assert.notEqual(signed, undefined, `call ${call} of the current turn is not signed`);
        }
      });
  }

  it('of the history are left out once when an account refuses them, and the client does not see it', async () => {
    await start('anthropic');
    const session = anthropicSession({ stream: false, thinks: true });
    upstream.reply(
      { reasoning: 'elsewhere', signature: 'b3RoZXI=', toolCalls: [call('t1', 'f')] },
      { times: 1 },
    );
    await session.step(portside.url, SERVED_MODEL);
    upstream.fail({ status: 400, message: 'messages.1.content.0: Invalid `signature` in `thinking` block' });
    upstream.reply({ text: 'Here.' });
    await session.step(portside.url, SERVED_MODEL);
    assert.deepEqual(
      upstream.generations.slice(-2).map(({ json }) =>
        assistantBlocks(json)
          .flat()
          .map(({ type }) => type),
      ),
      [['thinking', 'tool_use'], ['tool_use']],
    );
    assert.deepEqual(lastBody()['thinking'], { type: 'disabled' });
    assert.deepEqual(session.answers.at(-1), [{ type: 'text', text: 'Here.' }]);
  });

  it('outlive a command line that was killed', async () => {
    const config = join(folder, 'config.json');
    writeFileSync(config, JSON.stringify({ port: 0, accounts: [accountAt(upstream, 'gemini')] }));
    const state = join(folder, 'state');
    const serve = async () => {
      command = runCommand(['serve', '--json', '--config', config], { PORTSIDE_STATE: state });
      const line = (await command.seen('stdout', /\n/)).split('\n')[0]!;
      return (JSON.parse(line) as { url: string }).url;
    };
    const session = openaiSession({ stream: true });
    upstream.reply({ toolCalls: [call('f1', 'f', 'sig-f1')] }, { times: 1 });
    await session.step(await serve(), 'm');
    const written = () => {
      try {
        return readdirSync(join(state, 'signatures')).length > 0;
      } catch {
        return false;
      }
    };
    while (!written()) await new Promise((resolve) => setTimeout(resolve, 20));
    await command?.stop('SIGKILL');
    await session.step(await serve(), 'm');
    assert.deepEqual(callSignatures(lastBody()), { f1: 'sig-f1' });
  });
});
