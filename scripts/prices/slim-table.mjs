// What Portside needs of the price data of `@pydantic/genai-prices`, in the shape that
// src/proxy/monitor/prices/price-table.ts describes. What it does not know stops the build: a price that is read wrongly
// would be worse than none.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const PACKAGE = '@pydantic/genai-prices';
const require = createRequire(import.meta.url);

/** Prices of tokens that an exchange's usage tells, by their names in the package. */
const TOKENS = {
  input_mtok: 'input',
  cache_read_mtok: 'cachedInput',
  cache_write_mtok: 'cacheWrite',
  cache_write_1h_mtok: 'cacheWrite1h',
  output_mtok: 'output',
  output_reasoning_mtok: 'reasoning',
};
const OTHER_INPUT = /^input_(audio|image|video)_mtok$/;
const OTHER_OUTPUT = /^output_(audio|image|video)_mtok$/;
/** Parts of the above, which have no place of their own. */
const OTHER_CACHED = /^cache_(audio|image|video)_(read|write|write_5m|write_1h)_mtok$/;
/** Extras to the tokens: searches of a provider's own tools. Usage does not tell them. */
const SEARCHES = /^(web|social|storage)_searches_kcount$|^code_executions_kcount$/;
const OTHER_UNIT = /_(hours|kpages|kcount|mchars|gpixels)$/;

/** Prices that were divided have seventeen digits; nobody charges by more than twelve. */
const tidy = (price) => Number(price.toPrecision(12));

function slimPrice(value) {
  if (typeof value === 'number') return tidy(value);
  const tiers = [...value.tiers].sort((a, b) => a.start - b.start);
  return [tidy(value.base), ...tiers.map(({ start, price }) => ({ above: start, price: tidy(price) }))];
}

function slimPrices(prices, model) {
  const slim = {};
  const list = (field, kind) => (slim[field] ??= []).push(kind);
  for (const [name, value] of Object.entries(prices)) {
    if (value === undefined || OTHER_CACHED.test(name) || SEARCHES.test(name)) continue;
    const input = OTHER_INPUT.exec(name)?.[1];
    const output = OTHER_OUTPUT.exec(name)?.[1];
    if (TOKENS[name]) slim[TOKENS[name]] = slimPrice(value);
    else if (name === 'requests_kcount' && typeof value === 'number') slim.request = tidy(value);
    else if (input && value !== prices.input_mtok) list('otherInput', input);
    else if (output && value !== prices.output_mtok) list('otherOutput', output);
    else if (OTHER_UNIT.test(name)) slim.otherUnit = true;
    else if (!input && !output) throw new Error(`${model} has a price of an unknown kind: ${name}`);
  }
  return slim;
}

const SIGNS = { equals: '=', starts_with: '^', ends_with: '$', contains: '~' };

function slimMatch(match, model) {
  const [kind, ...more] = Object.keys(match);
  const value = match[kind];
  if (more.length === 0) {
    if (SIGNS[kind]) return SIGNS[kind] + value.toLowerCase();
    // The package compares names in small letters; what is asked of letters' case must stay as it is.
    if (kind === 'regex') return `/${new RegExp(value).source}`;
    if (kind === 'or') return value.map((each) => slimMatch(each, model));
    if (kind === 'and') return { and: value.map((each) => slimMatch(each, model)) };
  }
  throw new Error(`${model} has a match of an unknown kind: ${JSON.stringify(match)}`);
}

/** `16:30:00Z` in seconds of the day. */
function secondsOfDay(time) {
  const found = /^(\d\d):(\d\d):(\d\d)Z$/.exec(time);
  if (!found) throw new Error(`Unknown time of day: ${time}`);
  return Number(found[1]) * 3600 + Number(found[2]) * 60 + Number(found[3]);
}

function slimDated({ constraint, prices }, model) {
  const price = slimPrices(prices, model);
  if (!constraint) return { price };
  if (constraint.type === 'start_date') return { price, from: constraint.start_date };
  if (constraint.type === 'time_of_date')
    return { price, daily: [secondsOfDay(constraint.start_time), secondsOfDay(constraint.end_time)] };
  throw new Error(`${model} has a constraint of an unknown kind: ${JSON.stringify(constraint)}`);
}

function slimModel(provider, { id, match, prices }) {
  const model = `${provider}/${id}`;
  const slim = slimMatch(match, model);
  return {
    id,
    ...(slim !== `=${id.toLowerCase()}` && { match: slim }),
    prices: Array.isArray(prices) ? prices.map((each) => slimDated(each, model)) : slimPrices(prices, model),
  };
}

/**
 * The table of the package that is installed.
 * @param names the package's ids of the providers that are wanted; theirs to fall back to must be among them
 */
export function slimTable(names) {
  const { findProvider } = require(PACKAGE);
  const file = join(import.meta.dirname, '../../node_modules', PACKAGE, 'package.json');
  const { version } = JSON.parse(readFileSync(file, 'utf8'));
  const providers = {};
  for (const name of names) {
    const found = findProvider({ providerId: name });
    if (found?.id !== name) throw new Error(`${PACKAGE} has no provider ${name}`);
    const fallback = found.fallback_model_providers;
    const unknown = fallback?.find((other) => !names.includes(other));
    if (unknown)
      throw new Error(`${name} falls back to ${unknown}, which is not among the providers that ship`);
    providers[name] = {
      ...(fallback && { fallback }),
      models: found.models.map((model) => slimModel(name, model)),
    };
  }
  return { version: `${PACKAGE.replace(/^@.*\//, '')} ${version}`, providers };
}
