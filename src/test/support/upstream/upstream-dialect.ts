/** Which protocol and endpoint an upstream was asked for, told by the path as the providers have it, Vertex AI among them. */
import type { IncomingHttpHeaders } from 'node:http';
import type { Dialect } from '../../../proxy/dialects/canonical';
import type { JsonObject } from '../../../shared/json';

export type Endpoint = 'generate' | 'count' | 'models' | 'other';

export interface UpstreamTarget {
  dialect: Dialect;
  endpoint: Endpoint;
  /** Gemini names it in the path. */
  model?: string;
  /** Gemini: streaming is in the path, and `alt=sse` tells how. */
  stream?: boolean;
  framing: 'sse' | 'json-array';
  /** Text completions, which stand beside chat completions. */
  plainText?: true;
}

/** Reads method-independent facts from the request target (`/v1/messages?beta=true`). */
export function readTarget(target: string, headers: IncomingHttpHeaders): UpstreamTarget {
  const url = new URL(target, 'http://upstream');
  const path = url.pathname;
  const claude = /\/publishers\/anthropic\/models\/([^/:]+):(?:streamR|r)awPredict$/.exec(path)?.[1];
  if (claude !== undefined) {
    const endpoint = claude === 'count-tokens' ? 'count' : 'generate';
    return { dialect: 'anthropic', endpoint, model: decodeURIComponent(claude), framing: 'sse' };
  }
  const gemini = /\/models\/([^/:]+):(\w+)$/.exec(path);
  if (gemini) {
    const [, model = '', verb = ''] = gemini;
    return {
      dialect: 'gemini',
      endpoint: verb === 'countTokens' ? 'count' : /enerateContent$/.test(verb) ? 'generate' : 'other',
      model: decodeURIComponent(model),
      stream: verb === 'streamGenerateContent',
      framing: url.searchParams.get('alt') === 'sse' ? 'sse' : 'json-array',
    };
  }
  const at = (dialect: Dialect, endpoint: Endpoint): UpstreamTarget => ({
    dialect,
    endpoint,
    framing: 'sse',
  });
  if (path.endsWith('/chat/completions')) return at('openai-chat', 'generate');
  if (path.endsWith('/completions')) return { ...at('openai-chat', 'generate'), plainText: true };
  if (path.endsWith('/responses')) return at('openai-responses', 'generate');
  if (path.endsWith('/messages/count_tokens')) return at('anthropic', 'count');
  if (path.endsWith('/responses/input_tokens')) return at('openai-responses', 'count');
  if (path.endsWith('/messages')) return at('anthropic', 'generate');
  if (/\/models(\/[^/]+)?$/.test(path)) {
    if (headers['anthropic-version'] !== undefined) return at('anthropic', 'models');
    return at(path.startsWith('/v1beta/') ? 'gemini' : 'openai-chat', 'models');
  }
  return at(headers['anthropic-version'] !== undefined ? 'anthropic' : 'openai-chat', 'other');
}

/** The key as the dialect carries it: Bearer, `x-api-key`, `x-goog-api-key`. Undefined when absent. */
export function readKey(dialect: Dialect, headers: IncomingHttpHeaders): string | undefined {
  const bearer = /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1];
  if (dialect === 'gemini') return one(headers['x-goog-api-key']);
  if (dialect === 'anthropic') return one(headers['x-api-key']) ?? bearer;
  return bearer;
}

function one(value: string | string[] | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** An error body as the provider of that dialect words it. */
export function errorBody(dialect: Dialect, status: number, message: string): JsonObject {
  switch (dialect) {
    case 'anthropic': {
      const types: Record<number, string> = {
        400: 'invalid_request_error',
        401: 'authentication_error',
        403: 'permission_error',
        404: 'not_found_error',
        413: 'request_too_large',
        429: 'rate_limit_error',
        529: 'overloaded_error',
      };
      return {
        type: 'error',
        error: { type: types[status] ?? 'api_error', message },
        request_id: 'req_scripted',
      };
    }
    case 'gemini': {
      const words: Record<number, string> = {
        400: 'INVALID_ARGUMENT',
        401: 'UNAUTHENTICATED',
        403: 'PERMISSION_DENIED',
        404: 'NOT_FOUND',
        429: 'RESOURCE_EXHAUSTED',
        500: 'INTERNAL',
        503: 'UNAVAILABLE',
        529: 'UNAVAILABLE',
      };
      return { error: { code: status, message, status: words[status] ?? 'UNKNOWN' } };
    }
    case 'openai-chat':
    case 'openai-responses': {
      const types: Record<number, string> = {
        429: 'requests',
        500: 'server_error',
        503: 'server_error',
        529: 'service_unavailable_error',
      };
      const codes: Record<number, string> = {
        401: 'invalid_api_key',
        429: 'rate_limit_exceeded',
        529: 'server_is_overloaded',
      };
      return {
        error: {
          message,
          type: types[status] ?? 'invalid_request_error',
          param: null,
          code: codes[status] ?? null,
        },
      };
    }
  }
}

/** An error inside a 200 stream, as the provider of that dialect writes it: the text of one event. */
export function errorEvent(
  dialect: Dialect,
  status: number,
  message: string,
): { event?: string; data: string } {
  switch (dialect) {
    case 'anthropic': {
      const body = errorBody(dialect, status, message);
      return { event: 'error', data: JSON.stringify({ type: 'error', error: body.error }) };
    }
    case 'openai-responses':
      return {
        event: 'error',
        data: JSON.stringify({
          type: 'error',
          sequence_number: 1,
          code: status === 529 ? 'server_is_overloaded' : 'rate_limit_exceeded',
          message,
          param: null,
        }),
      };
    case 'openai-chat':
    case 'gemini':
      return { data: JSON.stringify(errorBody(dialect, status, message)) };
  }
}
