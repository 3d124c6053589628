import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createPriceBook } from '../../../../../proxy/monitor/prices/price-book';
import type { ExchangeRecord } from '../../../../../shared/exchange';
import { PROVIDER_LIST } from '../../../../../shared/provider-list';
import { exchange } from './priced-exchange';

const book = createPriceBook({});
const usage = { inputTokens: 1000, outputTokens: 100 };
const sourceOf = (provider: string, model: string, more?: Partial<ExchangeRecord>) =>
  book.cost(exchange(provider, model, usage, more))?.source.replace(/^genai-prices [\d.]+: /, '');
const pricesOf = (provider: string, model: string, counts: ExchangeRecord['usage']) =>
  Object.fromEntries(
    book.cost(exchange(provider, model, counts))!.lines.map(({ what, price }) => [what, price]),
  );

describe('the cost of an exchange (SPEC 6.5)', () => {
  it('prices each kind of token by itself, and says how', () => {
    const cost = book.cost(
      exchange('anthropic', 'claude-haiku-4-5-20251001', {
        inputTokens: 100_000,
        cachedInputTokens: 60_000,
        cacheWriteTokens: 30_000,
        cacheWrite1hTokens: 10_000,
        outputTokens: 2000,
        reasoningTokens: 1500,
      }),
    );
    assert.deepEqual(cost?.lines, [
      { what: 'input', tokens: 10_000, price: 1, costNano: 10_000_000 },
      { what: 'cachedInput', tokens: 60_000, price: 0.1, costNano: 6_000_000 },
      { what: 'cacheWrite', tokens: 20_000, price: 1.25, costNano: 25_000_000 },
      { what: 'cacheWrite1h', tokens: 10_000, price: 2, costNano: 20_000_000 },
      { what: 'output', tokens: 2000, price: 5, costNano: 10_000_000 },
    ]);
    assert.equal(cost.costNano, 71_000_000);
    assert.match(cost.source, /: anthropic \/ claude-haiku-4-5$/);
  });

  it('is a whole number, and exactly the sum of its lines', () => {
    const count = fc.nat(1_000_000);
    const models = ['gpt-5', 'gpt-5.6-luna', 'gpt-4o', 'o3'];
    fc.assert(
      fc.property(fc.constantFrom(...models), count, count, count, count, (model, a, b, c, output) => {
        const counts = { inputTokens: a + b + c, cachedInputTokens: b, cacheWriteTokens: c };
        const cost = book.cost(exchange('openai', model, { ...counts, outputTokens: output }))!;
        assert.ok(Number.isSafeInteger(cost.costNano));
        assert.equal(
          cost.lines.reduce((sum, line) => sum + line.costNano, 0),
          cost.costNano,
        );
        assert.ok(cost.lines.every((line) => Number.isSafeInteger(line.costNano) && line.tokens > 0));
        assert.equal(
          cost.lines.reduce((sum, line) => sum + line.tokens, 0),
          a + b + c + output,
        );
      }),
    );
  });

  it('rounds once, whatever the lines are rounded to', () => {
    const own = createPriceBook({ m: { input: 0.0002, cachedInput: 0.0009, output: 0.0006 } });
    const cost = own.cost(
      exchange('openai', 'm', { inputTokens: 2, cachedInputTokens: 1, outputTokens: 1 }),
    )!;
    // 0.2, 0.9 and 0.6 billionths are 1.7: two, which those have that are nearest to one.
    assert.equal(cost.costNano, 2);
    assert.deepEqual(
      cost.lines.map((line) => line.costNano),
      [0, 1, 1],
    );
  });

  it('is 0 for no tokens, and absent without usage', () => {
    assert.equal(book.cost(exchange('openai', 'gpt-5', { inputTokens: 0, outputTokens: 0 }))?.costNano, 0);
    assert.equal(book.cost(exchange('openai', 'gpt-5', undefined)), undefined);
    assert.equal(book.cost(exchange('openai', 'gpt-5', usage, { attempts: [] })), undefined);
  });

  it('is 0 for a model that is free', () => {
    const free = book.cost(exchange('openrouter', 'deepseek/deepseek-r1:free', usage));
    assert.equal(free?.costNano, 0);
    assert.match(free.source, /deepseek-r1:free$/);
  });

  it('is that of the attempt that served', () => {
    const attempts = [
      { account: 'first', model: 'claude-opus-4-5', provider: 'anthropic' },
      { account: 'second', model: 'gpt-5', provider: 'openai' },
    ];
    assert.equal(sourceOf('', '', { attempts }), 'openai / gpt-5');
  });

  it('is never guessed', () => {
    for (const { name } of PROVIDER_LIST)
      assert.equal(sourceOf(name, 'never-heard-of-it'), undefined, `${name} has a price for anything`);
    for (const provider of [
      'ollama',
      'lmstudio',
      'openai-compatible',
      'anthropic-compatible',
      'vscode',
      'demo',
      'constructor',
      '',
    ])
      assert.equal(sourceOf(provider, 'gpt-5'), undefined, provider);
    assert.equal(
      book.cost(exchange('openai', 'gpt-5', usage, { attempts: [{ account: 'a', model: 'gpt-5' }] })),
      undefined,
    );
  });

  it('is absent where what was asked for is not paid by text alone', () => {
    assert.equal(sourceOf('openai', 'whisper-1'), undefined);
    assert.equal(sourceOf('gemini', 'gemini-2.5-flash-image'), undefined);
    const path = '/v1/audio/transcriptions';
    assert.equal(sourceOf('openai', 'gpt-4o-transcribe', { path }), undefined);
    assert.equal(sourceOf('openai', 'gpt-image-1', { path: '/v1/images/edits' }), undefined);
    assert.equal(
      sourceOf('openai', 'gpt-image-1', { path: '/v1/images/generations' }),
      'openai / gpt-image-1; image in the prompt priced as text',
    );
    assert.equal(
      sourceOf('gemini', 'gemini-2.5-flash'),
      'google / gemini-2.5-flash; audio in the prompt priced as text',
    );
  });

  it('knows a model by what its provider writes around its name', () => {
    assert.equal(sourceOf('gemini', 'models/gemini-2.5-pro'), 'google / gemini-2.5-pro');
    assert.equal(sourceOf('vertex', 'publishers/google/models/gemini-2.5-pro'), 'google / gemini-2.5-pro');
    assert.equal(
      sourceOf('vertex', 'projects/p/locations/eu/publishers/anthropic/models/claude-opus-4-8@20260101'),
      'google / claude-opus-4-8',
    );
    const claude = 'anthropic.claude-haiku-4-5-20251001-v1:0';
    assert.equal(sourceOf('bedrock', `global.${claude}`), `aws / global.${claude}`);
    assert.equal(sourceOf('bedrock', `eu.${claude}`), `aws / regional.${claude}`);
    assert.equal(
      sourceOf('bedrock', `arn:aws:bedrock:eu-west-1:123456789012:inference-profile/eu.${claude}`),
      `aws / regional.${claude}`,
    );
  });

  it('is absent for models of the user’s own, whatever their names remind of', () => {
    for (const model of ['tunedModels/gemini-1.5-flash-mine', 'projects/claude-3-haiku/endpoints/7'])
      assert.equal(sourceOf('gemini', model), undefined, model);
    const arn = 'arn:aws:bedrock:us-east-1:123456789012:custom-model/amazon.nova-lite-v1:0/abc';
    assert.equal(sourceOf('bedrock', arn), undefined);
  });

  it('is that of another’s table where the provider only hosts', () => {
    assert.equal(sourceOf('azure', 'gpt-5'), 'openai / gpt-5');
    // Anthropic's alone knows this spelling.
    assert.equal(sourceOf('vertex', 'claude-opus-5-5-20260922'), 'anthropic / claude-opus-5-5');
  });

  it('takes the price of long prompts for the whole request', () => {
    const long = { inputTokens: 200_001, outputTokens: 1 };
    assert.deepEqual(pricesOf('gemini', 'gemini-2.5-pro', long), { input: 2.5, output: 15 });
    const short = { inputTokens: 200_000, cachedInputTokens: 150_000, outputTokens: 1 };
    assert.deepEqual(pricesOf('gemini', 'gemini-2.5-pro', short), {
      input: 1.25,
      cachedInput: 0.125,
      output: 10,
    });
  });

  it('is that of its day and hour', () => {
    const at = (time: string) =>
      book.cost(exchange('deepseek', 'deepseek-v4-pro', usage, { time: Date.parse(time) }))!.lines[0]!.price;
    assert.equal(at('2026-08-16T23:59:59.999Z'), 0.435);
    assert.equal(at('2026-08-17T00:00:00Z'), 0.66);
    assert.equal(at('2026-08-17T00:59:59.999Z'), 0.66);
    assert.equal(at('2026-08-17T01:00:00Z'), 1.32);
    assert.equal(at('2026-08-17T04:00:00Z'), 0.66);
  });

  it('prices what is kept for an hour at twice the input, wherever Claude is served', () => {
    const counts = {
      inputTokens: 1000,
      cacheWriteTokens: 1000,
      cacheWrite1hTokens: 400,
      outputTokens: 0,
    };
    const expected = { cacheWrite: 3.75, cacheWrite1h: 6 };
    assert.deepEqual(pricesOf('anthropic', 'claude-sonnet-4-6', counts), expected);
    assert.deepEqual(pricesOf('vertex', 'claude-sonnet-4-6', counts), expected);
    assert.deepEqual(pricesOf('openrouter', 'anthropic/claude-sonnet-4.6', counts), expected);
    const source = sourceOf('vertex', 'claude-sonnet-4-6', { usage: counts });
    assert.match(source!, /an hour at twice the price of input$/);
    // It takes nothing for writing: what it reports as written is input.
    assert.deepEqual(pricesOf('zai', 'glm-5.3-flash', counts), {
      cacheWrite: 0.15 / 2,
      cacheWrite1h: 0.15 / 2,
    });
  });

  it('counts no token twice where a server’s parts are larger than the whole', () => {
    const partsOf = (cachedInputTokens: number) => {
      const parts = { cachedInputTokens, cacheWriteTokens: 90, cacheWrite1hTokens: 200, reasoningTokens: 50 };
      const counts = { inputTokens: 100, outputTokens: 5, ...parts };
      const cost = book.cost(exchange('anthropic', 'claude-haiku-4-5', counts))!;
      return cost.lines.map(({ what, tokens }) => `${tokens} ${what}`);
    };
    assert.deepEqual(partsOf(90), ['90 cachedInput', '10 cacheWrite1h', '5 output']);
    assert.deepEqual(partsOf(900), ['100 cachedInput', '5 output']);
  });
});
