/**
 * The prices that ship: those of the data package `@pydantic/genai-prices`, slimmed at build time
 * (`scripts/prices/slim-table.mjs` writes what the types here say).
 */
import json from 'portside:prices';

/**
 * Which names a model has: `=` equals, `^` begins with, `$` ends with, `~` contains, `/` regular expression, before what is
 * compared with the name in small letters. A list: any of them.
 */
export type Match = string | Match[] | { and: Match[] };

/** US dollars per million tokens; a list: for all tokens of a request whose prompt has more than `above` tokens. */
export type Price = number | [base: number, ...{ above: number; price: number }[]];

/** What is absent is priced as what it is a part of. Empty: the model is free. */
export interface ModelPrice {
  input?: Price;
  cachedInput?: Price;
  cacheWrite?: Price;
  cacheWrite1h?: Price;
  output?: Price;
  reasoning?: Price;
  /** US dollars per thousand requests. */
  request?: number;
  /** What in a prompt costs otherwise than text: `audio`. Usage does not tell it apart. */
  otherInput?: string[];
  /** Likewise in an answer. */
  otherOutput?: string[];
  /** It is paid for by hours, pages or messages, which usage does not tell. */
  otherUnit?: true;
}

/** The last of a list whose time it is holds, else the first. */
export interface DatedPrice {
  price: ModelPrice;
  /** `2026-08-17`: from the beginning of that day in UTC. */
  from?: string;
  /** Seconds of the day in UTC, the end not included; the night's end is before its beginning. */
  daily?: [start: number, end: number];
}

export interface PricedModel {
  id: string;
  /** Absent: the model's id alone. */
  match?: Match;
  prices: ModelPrice | DatedPrice[];
}

export interface ProviderPrices {
  models: PricedModel[];
  /** Whose prices hold for models that are not among these. */
  fallback?: string[];
}

export interface PriceTable {
  /** Name and version of the package. */
  version: string;
  providers: Record<string, ProviderPrices>;
}

let parsed: PriceTable | undefined;

/** The table, parsed when it is first asked for. */
export function priceTable(): PriceTable {
  return (parsed ??= JSON.parse(json) as PriceTable);
}
