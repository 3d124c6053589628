/** A refusal's body, laid out for the tables: one place that knows in which wrappings errors come. */
import { isObject, type JsonObject } from '../../../shared/json';
import type { ErrorInfo } from '../../dialects/canonical';
import type { HeaderMap } from './counters';

export interface ErrorView {
  /** The object that holds message, type and code; empty where the body is no JSON. */
  error: JsonObject;
  /** The whole body where it is an object. */
  body: JsonObject;
  /** Google's `details`. */
  details: JsonObject[];
  /** All words for a person, joined and cut: message, the provider's own words behind a gateway. */
  text: string;
  /** All words for a program, joined: type, code, status, reason, AWS's exception. */
  words: string;
  /** The body is a page of a gateway, not an answer of the API. */
  page: boolean;
  /** Header lines that a gateway put into the body (OpenRouter). */
  headers: Map<string, string>;
}

const TEXT_LIMIT = 4000;

const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';

function parsed(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** The first object, alone or in a list: Google's streams answer with an array of one. */
function objectOf(value: unknown): JsonObject | undefined {
  if (isObject(value)) return value;
  return Array.isArray(value) ? value.find(isObject) : undefined;
}

/** The object behind `error`, which some servers send as text, and some as the JSON of another server's error. */
function innerOf(body: JsonObject): JsonObject {
  const { error } = body;
  if (isObject(error)) {
    const message = textOf(error.message);
    const nested = objectOf(parsed(message));
    return nested ? { ...error, ...(isObject(nested.error) ? nested.error : nested) } : error;
  }
  return body;
}

function headersIn(error: JsonObject): Map<string, string> {
  const metadata = isObject(error.metadata) ? error.metadata : {};
  const map = new Map<string, string>();
  for (const [name, value] of Object.entries(isObject(metadata.headers) ? metadata.headers : {}).slice(
    0,
    50,
  )) {
    const text = textOf(value);
    if (text !== '') map.set(name.toLowerCase(), text);
  }
  return map;
}

/**
 * Lays out a refusal. Never throws.
 * @param body the parsed JSON, or the text where it was none; undefined when nobody kept it
 * @param headers the answer's header lines
 * @param info what the dialect's adapter made of it
 */
export function viewError(body: unknown, headers: HeaderMap, info?: ErrorInfo): ErrorView {
  const whole = objectOf(body) ?? {};
  const error = innerOf(whole);
  const metadata = isObject(error.metadata) ? error.metadata : {};
  const details = (Array.isArray(error.details) ? error.details : []).slice(0, 50).filter(isObject);
  const plain = typeof body === 'string' ? body.slice(0, TEXT_LIMIT) : '';
  const text = [
    textOf(error.message),
    textOf(whole.error),
    textOf(whole.message),
    textOf(whole.msg),
    textOf(whole.Message),
    textOf(whole.detail),
    textOf(metadata.raw) || (isObject(metadata.raw) ? JSON.stringify(metadata.raw) : ''),
    plain,
    info?.message ?? '',
  ];
  const reasons = details.map((one) => `${textOf(one.reason)} ${textOf(one.domain)}`);
  const words = [
    ...[error, whole].flatMap((one) => [one.type, one.code, one.status, one.__type].map(textOf)),
    ...reasons,
    textOf(metadata.limit_source),
    textOf(metadata.error_type),
    headers.get('x-amzn-errortype') ?? '',
    info?.code ?? '',
  ];
  return {
    error,
    body: whole,
    details,
    text: [...new Set(text)]
      .filter((one) => one !== '')
      .join('\n')
      .slice(0, TEXT_LIMIT),
    words: [...new Set(words)]
      .filter((word) => word !== '')
      .join(' ')
      .slice(0, 1000),
    page: /^\s*<|<html|<!doctype/i.test(plain.slice(0, 300)) && Object.keys(whole).length === 0,
    headers: headersIn(error),
  };
}

/** The `details` entry of a type: `RetryInfo`, `QuotaFailure`, `ErrorInfo` (google/rpc/error_details.proto). */
export function detailOf(view: ErrorView, type: string): JsonObject | undefined {
  return view.details.find((one) => textOf(one['@type']).endsWith(`google.rpc.${type}`));
}
