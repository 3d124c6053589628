/** Items of the conversation that a client of the Responses API names by id instead of sending them, as the AI SDK does. */
import assert from 'node:assert/strict';
import OpenAI from 'openai';
import { withAccounts } from '../../support/one-account';

const TRANSLATED = ['openai-chat', 'anthropic', 'gemini'] as const;
const named = (id: string) => ({ type: 'item_reference' as const, id });

describe('item references', () => {
  const at = withAccounts();
  const { lastSent } = at;
  let client: OpenAI;
  const start = async (...dialects: Parameters<typeof at.start>) => {
    await at.start(...dialects);
    client = new OpenAI({ baseURL: `${at.portside.url}/v1`, apiKey: 'none', maxRetries: 0 });
  };

  for (const dialect of TRANSLATED)
    for (const stream of [false, true])
      it(`become what was said over ${dialect}${stream ? ', streaming' : ''}`, async () => {
        await start(dialect);
        at.upstream.reply({ reasoning: 'Colours.', signature: 'c2lnbmF0dXJl', text: 'It is blue.' });
        const begin = { model: 'm', input: 'Which colour?', reasoning: { effort: 'high' as const } };
        const { output } = stream
          ? await client.responses.stream(begin).finalResponse()
          : await client.responses.create(begin);
        assert.equal(output.length, 2);
        const second = await client.responses.create({
          ...begin,
          input: [
            { role: 'user', content: 'Which colour?' },
            ...output.map(({ id }) => named(id ?? '')),
            { role: 'user', content: 'Are you sure?' },
          ],
        });
        assert.match(lastSent(), /Which colour\?.*It is blue\..*Are you sure\?/);
        if (dialect === 'anthropic') assert.match(lastSent(), /"signature":"c2lnbmF0dXJl"/);
        const items = await client.responses.inputItems.list(second.id);
        assert.doesNotMatch(JSON.stringify(items.data), /item_reference/);
      });

  it('go as they are to an account that keeps responses', async () => {
    await start('anthropic', 'openai-responses');
    for (let turn = 0; turn < 3; turn++) {
      await client.responses.create({
        model: 'm',
        input: [named('msg_elsewhere'), { role: 'user', content: 'Go on' }],
      });
      assert.equal(at.upstream.generations.at(-1)?.dialect, 'openai-responses');
      assert.match(lastSent(), /"item_reference","id":"msg_elsewhere"/);
    }
  });

  it('that nobody knows are refused, except those of reasoning', async () => {
    await start('gemini');
    const ask = (id: string) =>
      client.responses.create({ model: 'm', input: [named(id), { role: 'user', content: 'Go on' }] });
    await assert.rejects(ask('msg_1'), { status: 404, message: /Item with id 'msg_1' not found/ });
    assert.equal(at.upstream.generations.length, 0);
    await ask('rs_1');
    assert.match(lastSent(), /Go on/);
  });

  it('are forgotten with their response', async () => {
    await start('gemini');
    const { id, output } = await client.responses.create({ model: 'm', input: 'Hi' });
    await client.responses.delete(id);
    await assert.rejects(
      client.responses.create({
        model: 'm',
        input: [named(output[0]?.id ?? ''), { role: 'user', content: 'x' }],
      }),
      { status: 404 },
    );
  });
});
