/** Accounts of Amazon Bedrock, asked by clients of every protocol: signed, framed, and with reasoning over several turns. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { accountWithKeySchema } from '../../../shared/settings';
import { isObject, type Json, type JsonObject } from '../../../shared/json';
import { eventFrame, exceptionFrame } from '../../support/upstream/aws-frames';
import {
  ACCESS_KEY,
  API_KEY,
  SECRET_KEY,
  signaturesIn,
  startBedrockServer,
  type BedrockServer,
} from '../../support/upstream/bedrock-server';
import { SDK_CLIENTS } from '../../support/sdk/sdk-clients';
import { QUESTIONS } from '../../support/short-questions';
import { speakBedrock } from '../../support/speak/speak-bedrock';
import { startPortside, type AccountInput, type StartedPortside } from '../../support/start-portside';
import { anthropicSession, geminiSession, openaiSession, responsesSession } from '../../support/tool-session';

const CLAUDE = 'us.anthropic.claude-sonnet-4-5-20250929-v1:0';
const SESSIONS = {
  'openai-chat': openaiSession,
  'openai-responses': responsesSession,
  anthropic: anthropicSession,
  gemini: geminiSession,
};
type Client = keyof typeof SESSIONS;
const CLIENTS = Object.keys(SESSIONS) as Client[];

/** What ends an answer well. */
const GOOD_END = /"finish_reason":\s?"stop"|response\.completed|"message_stop"|"finishReason"/;

const objects = (value: Json | undefined): JsonObject[] =>
  Array.isArray(value) ? value.filter(isObject) : [];
const toolNames = ({ toolConfig }: JsonObject): string[] =>
  objects(isObject(toolConfig) ? toolConfig['tools'] : undefined).map(({ toolSpec }) =>
    isObject(toolSpec) ? String(toolSpec['name']) : '',
  );
/** The bytes of a stream, or of its first events. */
const bytesOf = (text: string, events?: number) =>
  Buffer.concat(
    speakBedrock({ text })
      .events.slice(0, events)
      .map(([name, payload]) => eventFrame(name, payload)),
  );

describe('Amazon Bedrock', () => {
  let server: BedrockServer;
  let portside: StartedPortside;
  beforeEach(async () => {
    server = await startBedrockServer();
  });
  afterEach(async () => {
    await portside.stop();
    await server.close();
  });

  const account = (more: Partial<AccountInput> = {}): AccountInput => ({
    id: 'aws',
    provider: 'bedrock',
    baseUrl: server.url,
    key: `${ACCESS_KEY}:${SECRET_KEY}`,
    ...more,
  });
  const start = async (more: Partial<AccountInput> = {}, model = CLAUDE, storage?: string) => {
    portside = await startPortside({ accounts: [account(more)], routes: { asked: model } }, storage);
  };
  const post = (path: string, body: JsonObject) =>
    fetch(portside.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const ask = (client: Client, stream = false) => post(...QUESTIONS[client](stream));
  const record = (response: Response) => portside.recorded(response.headers.get('x-request-id') ?? '');

  for (const client of SDK_CLIENTS)
    for (const stream of [false, true])
      it(`answers ${client.name}, tools and all${stream ? ', streaming' : ''}`, async () => {
        await start();
        const text = 'It rains — “heavily” — in Ürümqi ☂.';
        server.next(
          {
            answer: {
              text: 'Let me see.',
              toolCalls: [{ name: 'weather', arguments: { city: 'Ürümqi ☂' } }],
            },
          },
          { answer: { text, usage: { input: 30, output: 11 } } },
        );
        const told = await client.ask({
          baseUrl: portside.url,
          model: 'asked',
          prompt: 'What is the weather?',
          system: 'You are brief.',
          stream,
          tools: [
            {
              name: 'weather',
              description: 'The weather.',
              parameters: { type: 'object', properties: { city: { type: 'string' } } },
              run: () => 'Rain',
            },
          ],
        });
        assert.deepEqual(server.problems, []);
        assert.equal(told.text, text);
        assert.deepEqual(
          told.calls.map(({ name, input }) => [name, input]),
          [['weather', { city: 'Ürümqi ☂' }]],
        );
        assert.deepEqual(told.usage, { input: 30, output: 11 });
        const [first, second] = server.requests;
        assert.equal(
          first?.target,
          `/model/us.anthropic.claude-sonnet-4-5-20250929-v1%3A0/converse${stream ? '-stream' : ''}`,
        );
        assert.equal(first.headers.accept, '*/*');
        assert.deepEqual(first.json['system'], [{ text: 'You are brief.' }]);
        const answer = objects(second?.json['messages']).at(-1)?.['content'];
        const result = objects(answer)[0]?.['toolResult'];
        assert.match(JSON.stringify(result), /Rain/);
      });

  for (const stream of [false, true])
    it(`tells the tokens of caches${stream ? ', streaming' : ''}`, async () => {
      await start();
      server.next({ answer: { text: 'Hi', usage: { input: 30, output: 11, cached: 8, cacheWrite: 2 } } });
      const response = await ask('anthropic', stream);
      assert.match(
        await response.text(),
        /"input_tokens":20,"cache_creation_input_tokens":2,"cache_read_input_tokens":8/,
      );
      const { usage } = await record(response);
      assert.deepEqual(usage, {
        inputTokens: 30,
        outputTokens: 11,
        cachedInputTokens: 8,
        cacheWriteTokens: 2,
      });
    });

  for (const stream of [false, true])
    it(`restores the names of tools that it takes in other letters only${stream ? ', streaming' : ''}`, async () => {
      await start();
      const name = `mcp:${'long.'.repeat(20)}`;
      server.next({
        answer: (request) => ({ toolCalls: [{ name: toolNames(request)[0]!, arguments: {} }] }),
      });
      const [path, body] = QUESTIONS.anthropic(stream);
      const response = await post(path, { ...body, tools: [{ name, input_schema: { type: 'object' } }] });
      assert.ok((await response.text()).includes(`"name":"${name}"`));
      assert.deepEqual(server.problems, []);
    });

  describe('reasoning', () => {
    let folder: string;
    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), 'portside-bedrock-'));
    });
    afterEach(() => {
      rmSync(folder, { recursive: true });
    });

    for (const client of CLIENTS)
      for (const stream of [false, true])
        it(`comes back with its signature over turns and a restart: ${client}${stream ? ', streaming' : ''}`, async () => {
          await start({}, CLAUDE, folder);
          const session = SESSIONS[client]({ stream, thinks: true });
          server.next(
            {
              answer: {
                reasoning: 'f it is',
                signature: 'sig-1',
                toolCalls: [{ name: 'f', arguments: { a: 1 } }],
              },
            },
            {
              answer: {
                redacted: 'UkVEQUNURUQ=',
                toolCalls: [{ id: 'tooluse_g', name: 'g', arguments: {} }],
              },
            },
            { answer: { reasoning: 'enough', signature: 'sig-3', text: `All of it is done for ${client}.` } },
          );
          await session.step(portside.url, 'asked');
          await session.step(portside.url, 'asked');
          await portside.stop();
          await start({}, CLAUDE, folder);
          await session.step(portside.url, 'asked');
          await session.step(portside.url, 'asked');
          assert.deepEqual(server.problems, []);
          assert.deepEqual(
            server.requests.map(({ json }) => signaturesIn(json)),
            [[], ['sig-1'], ['sig-1', 'UkVEQUNURUQ='], ['sig-1', 'UkVEQUNURUQ=', 'sig-3']],
          );
        });

    for (const client of ['anthropic', 'openai-responses', 'gemini'] as const)
      it(`travels with a client that can carry it, and needs no memory: ${client}`, async () => {
        await start();
        const session = SESSIONS[client]({ stream: true, thinks: true });
        server.next(
          { answer: { reasoning: 'f it is', signature: 'sig-1', toolCalls: [{ name: 'f', arguments: {} }] } },
          { answer: { text: 'Done.' } },
        );
        await session.step(portside.url, 'asked');
        await portside.stop();
        await start();
        await session.step(portside.url, 'asked');
        assert.deepEqual(
          server.requests.map(({ json }) => signaturesIn(json)),
          [[], ['sig-1']],
        );
      });

    it('of another account is left out once it was refused', async () => {
      await start();
      const [path, body] = QUESTIONS.anthropic(false);
      const messages = [
        { role: 'user', content: 'Hi' },
        {
          role: 'assistant',
          content: [
            { type: 'thinking', thinking: 'hm', signature: 'of-another-account' },
            { type: 'text', text: 'Yes?' },
          ],
        },
        { role: 'user', content: 'Go on' },
      ];
      const response = await post(path, { ...body, messages });
      assert.equal(response.status, 200);
      assert.deepEqual(
        server.requests.map(({ json }) => signaturesIn(json)),
        [['of-another-account'], []],
      );
    });
  });

  describe('credentials', () => {
    it('may be an API key', async () => {
      await start({ key: API_KEY });
      assert.equal((await ask('anthropic')).status, 200);
      assert.equal(server.requests[0]?.headers.authorization, `Bearer ${API_KEY}`);
    });

    it('sign for the region of the account', async () => {
      await start({ region: 'eu-west-1' });
      const response = await ask('openai-chat');
      assert.equal(response.ok, false);
      assert.deepEqual(server.problems, ['it is for the region eu-west-1']);
    });

    it('that are refused are not told, nor what Amazon repeats of the request', async () => {
      await start({ key: `${ACCESS_KEY}:wrong-secret:session-token` });
      for (const stream of [false, true]) {
        const response = await ask('openai-chat', stream);
        const text = await response.text();
        assert.match(text, /signature we calculated does not match/);
        assert.doesNotMatch(text + portside.logs.join(), /wrong-secret|session-token|secret-token/);
      }
    });

    it('may be missing: the client is told what to do', async () => {
      const names = [
        'AWS_BEARER_TOKEN_BEDROCK',
        'AWS_ACCESS_KEY_ID',
        'AWS_PROFILE',
        'AWS_SHARED_CREDENTIALS_FILE',
        'AWS_CONFIG_FILE',
      ];
      const before = names.map((name) => [name, process.env[name]] as const);
      for (const name of names) delete process.env[name];
      process.env['AWS_SHARED_CREDENTIALS_FILE'] = process.env['AWS_CONFIG_FILE'] = join(
        tmpdir(),
        'no-such-file',
      );
      try {
        await start({ key: '' });
        const response = await ask('anthropic');
        assert.match(await response.text(), /no AWS credentials/);
        // Never 401 to the client (SPEC 2.6).
        assert.equal(response.status, 503);
        process.env['AWS_BEARER_TOKEN_BEDROCK'] = API_KEY;
        await portside.stop();
        await start({ key: '' });
        assert.equal((await ask('anthropic')).status, 200);
      } finally {
        for (const [name, value] of before)
          if (value === undefined) delete process.env[name];
          else process.env[name] = value;
      }
    });
  });

  describe('trouble', () => {
    for (const client of CLIENTS) {
      it(`before an answer keeps its status: ${client}`, async () => {
        await start();
        server.next({
          status: 400,
          body: { message: 'This model does not support the image field.' },
          type: 'ValidationException',
        });
        const response = await ask(client, true);
        assert.equal(response.status, 400);
        assert.match(await response.text(), /does not support the image field/);
      });

      it(`in the first event is an answer with its status: ${client}`, async () => {
        await start();
        server.next({
          bytes: Buffer.concat([
            eventFrame('messageStart', { role: 'assistant' }),
            exceptionFrame('throttlingException', { message: 'Too many tokens, please wait.' }),
          ]),
        });
        const response = await ask(client, true);
        assert.equal(response.status, 429);
        assert.match(await response.text(), /Too many tokens/);
      });

      const begun = bytesOf('Hello, this goes on', 4);
      const flipped = bytesOf('Hello, this goes on');
      flipped[flipped.length - 30]! ^= 4;
      const streams: Record<string, [bytes: Buffer, message: RegExp]> = {
        'an exception': [
          Buffer.concat([
            begun,
            exceptionFrame('modelStreamErrorException', {
              message: 'm',
              originalMessage: 'The model broke.',
            }),
          ]),
          /The model broke/,
        ],
        'the end within a frame': [
          bytesOf('Hello, this goes on').subarray(0, begun.length + 40),
          /middle of a frame/,
        ],
        'the end between frames': [begun, /before it was complete/],
        'a flipped bit': [flipped, /checksum/],
      };
      for (const [what, [bytes, message]] of Object.entries(streams))
        it(`within an answer never passes for its end: ${what}, ${client}`, async () => {
          await start();
          server.next({ bytes });
          const response = await ask(client, true);
          const text = await response.text();
          assert.equal(response.status, 200);
          assert.match(text, message);
          assert.doesNotMatch(text, GOOD_END);
          assert.equal((await record(response)).outcome, 'failed');
        });
    }
  });

  it('lists what can be asked as it is, and inference profiles', async () => {
    await start();
    const test = await portside.proxy.testAccount(accountWithKeySchema.parse(account()));
    assert.deepEqual(test.ok && test.models, [
      'amazon.nova-lite-v1:0',
      'us.anthropic.claude-sonnet-4-5-20250929-v1:0',
    ]);
    assert.deepEqual(server.problems, []);
    const wrong = await portside.proxy.testAccount(
      accountWithKeySchema.parse(account({ key: `${ACCESS_KEY}:wrong-secret` })),
    );
    assert.equal(wrong.ok, false);
    assert.doesNotMatch(wrong.message, /wrong-secret|secret-token/);
  });

  it('counts tokens where it can', async () => {
    await start();
    const [, body] = QUESTIONS.anthropic(false);
    const response = await post('/v1/messages/count_tokens', body);
    assert.deepEqual(await response.json(), { input_tokens: 4321 });
  });

  it('takes models by their ARN', async () => {
    const arn = `arn:aws:bedrock:us-east-1:123456789012:inference-profile/${CLAUDE}`;
    await start({}, arn);
    assert.equal((await ask('anthropic')).status, 200);
    assert.equal(server.requests[0]?.target, `/model/${encodeURIComponent(arn)}/converse`);
    assert.deepEqual(server.problems, []);
  });
});
