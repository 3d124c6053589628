import assert from 'node:assert/strict';
import { calcPrice, findProvider, type MatchLogic, type ModelPrice } from '@pydantic/genai-prices';
import fc from 'fast-check';
import { createPriceBook } from '../../../../../proxy/monitor/prices/price-book';
import { tableName } from '../../../../../proxy/monitor/prices/table-name';
import { TABLE_OF_PROVIDER } from '../../../../../proxy/monitor/prices/table-of-provider';
import { PROVIDERS } from '../../../../../shared/setting-names';
import { exchange } from './priced-exchange';

/** Names that a match speaks of, and some near them. */
function namesIn(match: MatchLogic): string[] {
  if ('or' in match) return match.or.flatMap(namesIn);
  if ('and' in match) return match.and.flatMap(namesIn);
  if ('equals' in match) return [match.equals, `${match.equals}-20250929`, match.equals.toUpperCase()];
  if ('starts_with' in match) return [match.starts_with, `${match.starts_with}-x`, `x${match.starts_with}`];
  if ('ends_with' in match) return [match.ends_with, `x-${match.ends_with}`, `${match.ends_with}x`];
  if ('contains' in match) return [match.contains, `x.${match.contains}-x`];
  return [
    match.regex.replace(/\^|\$/g, '').replace(/\\d\{(\d)\}/g, (_, n) => '20260102'.slice(0, Number(n))),
  ];
}

const CASES = PROVIDERS.flatMap((provider) => {
  const id = TABLE_OF_PROVIDER[provider];
  const models = id === undefined ? [] : findProvider({ providerId: id })!.models;
  const names = [...new Set(models.flatMap((model) => [model.id, ...namesIn(model.match)]))];
  return names
    .filter((name) => tableName(provider, name) === name)
    .map((name) => ({ provider, id: id!, name }));
});

/** Why Portside gives no cost where the package adds up what it knows. */
function notTold(price: ModelPrice, output: number): boolean {
  const keys = Object.keys(price);
  if (keys.some((key) => /_(hours|kpages)$|messages_kcount$/.test(key))) return true;
  if (keys.length > 0 && price.input_mtok === undefined) return true;
  return (
    output > 0 &&
    keys.length > 0 &&
    (price.output_mtok === undefined || keys.some((key) => /^output_(audio|image|video)_mtok$/.test(key)))
  );
}

/** Parts of a prompt, in tokens; some beyond where prices change. */
const tokens = fc.oneof(fc.nat(2000), fc.nat(400_000));
const usages = fc.record({
  plain: tokens,
  cached: tokens,
  written: tokens,
  hour: fc.nat(5000),
  answer: tokens,
  reasoning: fc.nat(9000),
});
const times = fc.integer({ min: Date.UTC(2025, 0, 1), max: Date.UTC(2027, 5, 1) });

describe('costs beside those of the package that the prices are from (SPEC 6.5)', () => {
  const book = createPriceBook({});

  it('are the same for every model of every provider, whatever the usage and the time', () => {
    assert.ok(CASES.length > 1500, String(CASES.length));
    let compared = 0;
    for (const { provider, id, name } of CASES)
      fc.assert(
        fc.property(usages, times, (parts, time) => {
          const timestamp = new Date(time);
          const priced = calcPrice({}, name, { providerId: id, timestamp });
          // The package prices writes for an hour only where it has a price of their own.
          const hour = priced?.model_price.cache_write_1h_mtok === undefined ? 0 : parts.hour;
          const usage = {
            inputTokens: parts.plain + parts.cached + parts.written + hour,
            cachedInputTokens: parts.cached,
            cacheWriteTokens: parts.written + hour,
            cacheWrite1hTokens: hour,
            outputTokens: parts.answer + parts.reasoning,
            reasoningTokens: parts.reasoning,
          };
          const cost = book.cost(exchange(provider, name, usage, { time }));
          const theirs = calcPrice(
            {
              input_tokens: usage.inputTokens,
              cache_read_tokens: usage.cachedInputTokens,
              cache_write_tokens: usage.cacheWriteTokens,
              cache_write_1h_tokens: hour,
              output_tokens: usage.outputTokens,
              output_reasoning_tokens: usage.reasoningTokens,
            },
            name,
            { providerId: id, timestamp },
          );
          if (!theirs || notTold(theirs.model_price, usage.outputTokens)) {
            assert.equal(cost, undefined, `${provider}/${name}`);
            return;
          }
          compared++;
          assert.ok(cost, `${provider}/${name} has no cost`);
          const difference = Math.abs(cost.costNano - theirs.total_price * 1e9);
          assert.ok(difference <= 1, `${provider}/${name}: ${cost.costNano}, not ${theirs.total_price}`);
          assert.ok(cost.source.includes(theirs.model.id), cost.source);
        }),
        { numRuns: 3 },
      );
    assert.ok(compared > CASES.length * 2, `only ${compared} compared`);
  }).timeout(60_000);

  it('are those of the version that is installed', () => {
    const cost = book.cost(exchange('openai', 'gpt-5', { inputTokens: 1, outputTokens: 1 }));
    assert.match(cost!.source, /^genai-prices \d+\.\d+\.\d+: openai \/ gpt-5$/);
  });
});
