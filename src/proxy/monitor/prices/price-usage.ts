import type { ExchangeRecord } from '../../../shared/exchange';
import type { CostLine } from '../../../shared/monitor';
import type { ModelPrice, Price } from './price-table';

type Usage = NonNullable<ExchangeRecord['usage']>;

export interface Cost {
  /** Billionths of a US dollar; the sum of the lines. */
  costNano: number;
  lines: CostLine[];
}

/** The price for all of a request: tiers are told apart by the whole prompt, and none is for the excess alone. */
function tierOf(price: Price, inputTokens: number): number {
  if (typeof price === 'number') return price;
  const [base, ...tiers] = price;
  return tiers.findLast(({ above }) => inputTokens > above)?.price ?? base;
}

/** A part of a whole, where a server says that the part is larger. */
const within = (whole: number, part = 0): number => Math.min(Math.max(part, 0), whole);

/**
 * Anthropic's price of what is kept for an hour is twice that of input, wherever its models are served. Only its API says what
 * was kept so long; servers like it that price no writing at all charge input.
 * https://platform.claude.com/docs/en/build-with-claude/prompt-caching#pricing
 */
function hourPrice(prices: ModelPrice, priceOf: (price: Price) => number, input: number): number {
  if (prices.cacheWrite1h !== undefined) return priceOf(prices.cacheWrite1h);
  return prices.cacheWrite === undefined ? input : input * 2;
}

/** Whole billionths whose sum is the rounded sum: what was cut off goes to the lines that lost most. */
function roundTogether(exact: number[]): number[] {
  const rounded = exact.map(Math.floor);
  let left =
    Math.round(exact.reduce((sum, each) => sum + each, 0)) - rounded.reduce((sum, each) => sum + each, 0);
  const byLoss = exact
    .map((each, index) => ({ index, loss: each - Math.floor(each) }))
    .sort((a, b) => b.loss - a.loss);
  for (const { index } of byLoss) {
    if (left <= 0) break;
    rounded[index] = (rounded[index] ?? 0) + 1;
    left--;
  }
  return rounded;
}

/**
 * What tokens cost; undefined when something of them has no known price: a cost that leaves a part out would look whole.
 * @param asked what else than text the request was about, `audio` or `image`, where its path tells
 */
export function priceUsage(prices: ModelPrice, usage: Usage, asked?: string): Cost | undefined {
  const { inputTokens, outputTokens } = usage;
  const priceOf = (price: Price) => tierOf(price, inputTokens);
  const cached = within(inputTokens, usage.cachedInputTokens);
  const written = within(
    inputTokens - cached,
    Math.max(usage.cacheWriteTokens ?? 0, usage.cacheWrite1hTokens ?? 0),
  );
  const hour = within(written, usage.cacheWrite1hTokens);
  const reasoning = prices.reasoning === undefined ? 0 : within(outputTokens, usage.reasoningTokens);

  const free = Object.keys(prices).length === 0;
  if (prices.otherUnit) return undefined;
  if (inputTokens > 0 && !free && prices.input === undefined) return undefined;
  if (outputTokens > 0 && !free && (prices.output === undefined || prices.otherOutput)) return undefined;
  if (inputTokens > 0 && asked !== undefined && prices.otherInput?.includes(asked)) return undefined;

  const input = priceOf(prices.input ?? 0);
  const output = priceOf(prices.output ?? 0);
  const parts: Omit<CostLine, 'costNano'>[] = [
    { what: 'input', tokens: inputTokens - cached - written, price: input },
    { what: 'cachedInput', tokens: cached, price: priceOf(prices.cachedInput ?? input) },
    { what: 'cacheWrite', tokens: written - hour, price: priceOf(prices.cacheWrite ?? input) },
    { what: 'cacheWrite1h', tokens: hour, price: hourPrice(prices, priceOf, input) },
    { what: 'output', tokens: outputTokens - reasoning, price: output },
    { what: 'output', tokens: reasoning, price: priceOf(prices.reasoning ?? output) },
  ];
  const counted = parts.filter(({ tokens }) => tokens > 0);
  // $1 per million tokens is 1000 billionths for one token; $1 per thousand requests a million for one request.
  const exact = counted.map(({ tokens, price }) => tokens * price * 1000);
  if (prices.request !== undefined) {
    counted.push({ what: 'request', tokens: 0, price: prices.request });
    exact.push(prices.request * 1_000_000);
  }
  const rounded = roundTogether(exact);
  const lines = counted.map((part, index) => ({ ...part, costNano: rounded[index] ?? 0 }));
  return { costNano: rounded.reduce((sum, each) => sum + each, 0), lines };
}
