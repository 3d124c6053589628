/** Anthropic's message threads: the server holds the conversation, each turn sends its own messages alone. */
import assert from 'node:assert/strict';
import Anthropic from '@anthropic-ai/sdk';
import { betaTool } from '@anthropic-ai/sdk/helpers/beta/json-schema';
import { withAccounts } from '../../support/one-account';
import { accountAt, startPortside } from '../../support/start-portside';

const FOREIGN = ['openai-chat', 'openai-responses', 'gemini'] as const;

describe('message threads', () => {
  const at = withAccounts();
  const { lastSent } = at;
  let client: Anthropic;
  const start = async (...dialects: Parameters<typeof at.start>) => {
    await at.start(...dialects);
    client = new Anthropic({ baseURL: at.portside.url, apiKey: 'none', maxRetries: 0 });
  };

  for (const dialect of FOREIGN) {
    for (const stream of [false, true])
      it(`the SDK's tool runner reaches its end over ${dialect}${stream ? ', streaming' : ''}`, async () => {
        await start(dialect);
        at.upstream.reply({ text: 'It is 7.' });
        at.upstream.fail({ answer: { toolCalls: [{ name: 'add', arguments: { a: 3, b: 4 } }] } });
        const add = betaTool({
          name: 'add',
          description: 'Adds.',
          inputSchema: {
            type: 'object',
            properties: { a: { type: 'number' }, b: { type: 'number' } },
          } as const,
          run: ({ a = 0, b = 0 }: { a?: number; b?: number }) => `sum ${a + b}`,
        });
        const runner = client.beta.messages.toolRunner({
          model: 'm',
          max_tokens: 100,
          system: 'Be exact.',
          messages: [{ role: 'user', content: 'What is 3 + 4?' }],
          tools: [add],
          stream,
        });
        const { content } = await runner.runUntilDone();
        assert.deepEqual(
          content.map((block) => block.type === 'text' && block.text),
          ['It is 7.'],
        );
        for (const text of ['What is 3 + 4?', 'sum 7', 'Be exact.', 'Adds.'])
          assert.equal(lastSent().split(text).length, 2, `${text} is there once: ${lastSent()}`);
        assert.doesNotMatch(lastSent(), /Result of the tool call/);
        assert.equal(at.upstream.generations.length, 2);
      });

    it(`a thread goes on over ${dialect}`, async () => {
      await start(dialect);
      const thread = client.beta.messages.thread({ model: 'm', max_tokens: 100 });
      at.upstream.reply({ text: 'It is blue.' });
      await thread.send({ role: 'user', content: 'Which colour?' });
      await thread.send({ role: 'user', content: 'Are you sure?' });
      await thread.send({ role: 'user', content: 'Really?' });
      for (const text of ['Which colour?', 'Are you sure?', 'Really?'])
        assert.equal(lastSent().split(text).length, 2, `${text} is there once: ${lastSent()}`);
    });
  }

  it('an account of Anthropic gets the turn as it is', async () => {
    await start('anthropic');
    await client.beta.messages.create({
      model: 'm',
      max_tokens: 100,
      messages: [{ role: 'user', content: 'Go on' }],
      thread: { type: 'continue', previous_message_id: 'msg_1' },
    });
    assert.match(lastSent(), /"thread":\{"type":"continue","previous_message_id":"msg_1"\}/);
  });

  it('a server that is like Anthropic gets the whole conversation in every turn', async () => {
    at.portside = await startPortside({
      accounts: [accountAt(at.upstream, 'anthropic', { provider: 'anthropic-compatible' })],
    });
    client = new Anthropic({ baseURL: at.portside.url, apiKey: 'none', maxRetries: 0 });
    const thread = client.beta.messages.thread({ model: 'm', max_tokens: 100 });
    await thread.send({ role: 'user', content: 'Which colour?' });
    await thread.send({ role: 'user', content: 'Are you sure?' });
    assert.match(lastSent(), /Which colour\?.*Are you sure\?/);
  });

  it('a turn that nobody can go on with is told as the API tells it', async () => {
    await start('gemini');
    const asked = client.beta.messages.create({
      model: 'm',
      max_tokens: 100,
      messages: [],
      thread: { type: 'continue', previous_message_id: 'msg_1' },
    });
    await assert.rejects(asked, (error) => {
      assert.ok(error instanceof Anthropic.ThreadNotFoundError, String(error));
      assert.equal(error.status, 404);
      assert.equal(error.details.error_code, 'thread_not_found');
      return true;
    });
    assert.equal(at.upstream.generations.length, 0);
  });
});
