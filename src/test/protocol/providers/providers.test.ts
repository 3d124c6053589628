/** Each provider's account at a real server: where it is asked, with which headers, and what differs from its protocol. */
import assert from 'node:assert/strict';
import type { Dialect } from '../../../proxy/dialects/canonical';
import { accountWithKeySchema, type ProviderName } from '../../../shared/settings';
import { checkStream, sendSmall, smallRequest } from '../../support/dialect-requests';
import { startScriptedUpstream, type ScriptedUpstream } from '../../support/upstream/scripted-upstream';
import { startPortside, type AccountInput, type StartedPortside } from '../../support/start-portside';

const KEY = 'key-of-the-account';
const BEARER = { authorization: `Bearer ${KEY}` };
const API_KEY = { 'x-api-key': KEY };

describe('the accounts of providers', () => {
  let upstream: ScriptedUpstream;
  let portside: StartedPortside;
  before(async () => {
    upstream = await startScriptedUpstream({ validate: true });
  });
  afterEach(async () => {
    upstream.reset();
    await portside.stop();
  });

  async function start(...accounts: AccountInput[]): Promise<void> {
    portside = await startPortside({ accounts });
  }

  /** Asks, and gives what reached the upstream. */
  async function ask(client: Dialect, model: string, stream = false) {
    const response = await sendSmall(portside.url, client, { model, stream });
    const text = await response.text();
    assert.equal(response.status, 200, text);
    if (stream) checkStream(client, text);
    assert.match(text, /Hello|"text"/);
    return upstream.generations.at(-1)!;
  }

  describe('an account of', () => {
    type Row = [client: Dialect, path: string, headers: Record<string, string>];
    /** Provider, path of the base URL that is given, a model of its own, and what a client of a protocol leads to. */
    const rows: [ProviderName, string, string, Row[]][] = [
      [
        'deepseek',
        '',
        'deepseek-flash',
        [
          ['openai-chat', '/chat/completions', BEARER],
          ['openai-responses', '/chat/completions', BEARER],
          ['anthropic', '/anthropic/v1/messages', API_KEY],
          ['gemini', '/chat/completions', BEARER],
        ],
      ],
      ['groq', '/openai/v1', 'openai/gpt-oss-120b', [['openai-chat', '/openai/v1/chat/completions', BEARER]]],
      [
        'mistral',
        '/v1',
        'mistral-large-latest',
        [
          ['openai-chat', '/v1/chat/completions', BEARER],
          ['anthropic', '/v1/chat/completions', BEARER],
        ],
      ],
      [
        'xai',
        '/v1',
        'grok-latest',
        [
          ['openai-chat', '/v1/chat/completions', BEARER],
          ['openai-responses', '/v1/responses', BEARER],
          ['anthropic', '/v1/responses', BEARER],
        ],
      ],
      [
        'moonshot',
        '/v1',
        'kimi-k3',
        [
          ['openai-chat', '/v1/chat/completions', BEARER],
          ['anthropic', '/anthropic/v1/messages', { ...BEARER, ...API_KEY }],
        ],
      ],
      [
        'lmstudio',
        '/v1',
        'local-model',
        [
          ['openai-chat', '/v1/chat/completions', BEARER],
          ['openai-responses', '/v1/responses', BEARER],
          ['anthropic', '/v1/messages', { ...BEARER, ...API_KEY }],
          ['gemini', '/v1/chat/completions', BEARER],
        ],
      ],
      [
        'ollama',
        '/v1',
        'local-model',
        [
          ['openai-chat', '/v1/chat/completions', BEARER],
          ['openai-responses', '/v1/chat/completions', BEARER],
          ['anthropic', '/v1/messages', BEARER],
        ],
      ],
      [
        'openrouter',
        '/api/v1',
        'vendor/model',
        [
          ['openai-chat', '/api/v1/chat/completions', BEARER],
          ['anthropic', '/api/v1/messages', BEARER],
        ],
      ],
      [
        'azure',
        '/openai/deployments/mine/chat/completions',
        'my-deployment',
        [
          ['openai-chat', '/openai/v1/chat/completions', { 'api-key': KEY }],
          ['openai-responses', '/openai/v1/responses', { 'api-key': KEY }],
          ['anthropic', '/openai/v1/responses', { 'api-key': KEY }],
        ],
      ],
    ];
    for (const [provider, path, model, asked] of rows)
      for (const [client, expected, headers] of asked)
        it(`${provider} asks ${expected} for ${client}, whole and as a stream`, async () => {
          await start({ id: 'a', provider, baseUrl: upstream.url + path, key: KEY });
          for (const stream of [false, true]) {
            const request = await ask(client, model, stream);
            assert.equal(request.url, expected);
            assert.equal(request.json.model, model);
            const sent = ['authorization', 'x-api-key', 'api-key'].filter((name) => request.headers[name]);
            assert.deepEqual(sent.sort(), Object.keys(headers).sort());
            for (const [name, value] of Object.entries(headers)) assert.equal(request.headers[name], value);
          }
        });

    it('groq sends nothing that is refused there', async () => {
      await start({ id: 'a', provider: 'groq', baseUrl: upstream.openaiUrl, key: KEY });
      const { path, headers, body } = smallRequest('openai-responses', 'm');
      const hints = {
        prompt_cache_key: 'c',
        reasoning: { effort: 'high' },
        store: false,
        max_output_tokens: 50,
      };
      const response = await fetch(portside.url + path, {
        method: 'POST',
        headers,
        body: JSON.stringify({ ...body, ...hints }),
      });
      assert.equal(response.status, 200);
      const sent = upstream.generations.at(-1)!.json;
      assert.deepEqual(Object.keys(sent).sort(), ['max_completion_tokens', 'messages', 'model']);
    });

    it('mistral has the fields and ids that Mistral knows', async () => {
      await start({ id: 'a', provider: 'mistral', baseUrl: upstream.openaiUrl, key: KEY });
      const response = await fetch(`${portside.url}/v1/messages`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'anthropic-version': '2023-06-01' },
        body: JSON.stringify({
          model: 'mistral-large-latest',
          max_tokens: 100,
          stream: true,
          metadata: { user_id: 'somebody' },
          tools: [{ name: 'look', input_schema: { type: 'object' } }],
          messages: [
            { role: 'user', content: 'Look' },
            {
              role: 'assistant',
              content: [{ type: 'tool_use', id: 'toolu_01ABCDEF', name: 'look', input: {} }],
            },
            {
              role: 'user',
              content: [
                { type: 'tool_result', tool_use_id: 'toolu_01ABCDEF', content: 'A tree' },
                { type: 'text', text: 'And now?' },
              ],
            },
          ],
        }),
      });
      assert.equal(response.status, 200, await response.text());
      const sent = upstream.generations.at(-1)!.json;
      assert.deepEqual(Object.keys(sent).sort(), ['max_tokens', 'messages', 'model', 'stream', 'tools']);
      const messages = sent.messages as {
        role: string;
        tool_call_id?: string;
        tool_calls?: { id: string }[];
      }[];
      assert.deepEqual(
        messages.map(({ role }) => role),
        ['user', 'assistant', 'tool', 'assistant', 'user'],
      );
      assert.match(messages[2]!.tool_call_id!, /^[A-Za-z0-9]{9}$/);
      assert.equal(messages[1]!.tool_calls![0]!.id, messages[2]!.tool_call_id);
    });
  });

  describe('an Azure OpenAI account', () => {
    const azure = (): AccountInput => ({ id: 'a', provider: 'azure', baseUrl: upstream.url, key: KEY });

    it('passes the results of content filters on, and reads past them', async () => {
      await start({ ...azure(), dialect: 'openai-chat' });
      const filter = { hate: { filtered: false, severity: 'safe' } };
      const chunks = [
        {
          id: '',
          object: '',
          created: 0,
          model: '',
          choices: [],
          prompt_filter_results: [{ prompt_index: 0, content_filter_results: filter }],
        },
        {
          id: 'c',
          object: 'chat.completion.chunk',
          created: 1,
          model: 'm',
          choices: [
            {
              index: 0,
              delta: { role: 'assistant', content: '' },
              finish_reason: null,
              content_filter_results: {},
            },
          ],
        },
        {
          id: 'c',
          object: 'chat.completion.chunk',
          created: 1,
          model: 'm',
          choices: [
            {
              index: 0,
              delta: { content: 'Hello there' },
              finish_reason: null,
              content_filter_results: filter,
            },
          ],
        },
        {
          id: 'c',
          object: 'chat.completion.chunk',
          created: 1,
          model: 'm',
          choices: [{ index: 0, delta: {}, finish_reason: 'stop', content_filter_results: {} }],
        },
      ];
      const body = [...chunks.map((chunk) => JSON.stringify(chunk)), '[DONE]']
        .map((data) => `data: ${data}\n\n`)
        .join('');
      const headers = { 'content-type': 'text/event-stream' };
      for (const client of ['openai-chat', 'anthropic'] as const) {
        upstream.fail({ body, headers });
        const response = await sendSmall(portside.url, client, { model: 'mine', stream: true });
        const text = await response.text();
        assert.equal(response.status, 200, text);
        assert.match(text, /Hello there/);
        assert.equal(text.includes('prompt_filter_results'), client === 'openai-chat');
      }
    });

    it('proves its key with a list, and takes nothing from it', async () => {
      await start(azure());
      const result = await portside.proxy.testAccount(accountWithKeySchema.parse(azure()));
      assert.deepEqual(result, { ok: true, message: 'Azure OpenAI accepted the key.' });
      assert.equal(upstream.requests.at(-1)?.url, '/openai/v1/models');
      const list = (await (await fetch(`${portside.url}/v1/models`)).json()) as { data: { id: string }[] };
      assert.ok(!list.data.some(({ id }) => id === 'scripted-model'));
    });
  });
});
