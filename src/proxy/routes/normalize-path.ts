/** From whatever path a client builds to the one route that is meant (SPEC 3.5, 3.6). */
import type { Dialect } from '../dialects/canonical';

export interface RoutePath {
  /** The route as `app.ts` registers it; the cleaned path itself where none is known. */
  route: string;
  /** The dialect the path speaks, or the nearest one for its errors. */
  dialect: Dialect;
  /** Whether the dialect is certain from the path alone (`/v1/models` is not). */
  certain: boolean;
  /** Gemini: the model in the path. */
  model?: string;
  /** The id at the end of `/v1/models/{id}` and `/v1/responses/{id}`. */
  id?: string;
  /** Gemini: the API version to use upstream. */
  version?: string;
}

const GEMINI =
  /^(?:\/(?:gemini|v1|v1beta|v1alpha))*?(?:\/(v1|v1beta|v1alpha))?\/(?:models|tunedModels)\/(.+)[:/]([A-Za-z]+)$/;
const GEMINI_VERBS = new Set([
  'generateContent',
  'streamGenerateContent',
  'countTokens',
  'embedContent',
  'batchEmbedContents',
]);
const PREFIXES = 'openai|anthropic|gemini|v1|v1beta|v1alpha|chat/completions|completions|responses|messages';
const ENDPOINT = new RegExp(
  `^(?:/(?:${PREFIXES}))*/(chat/completions|completions|responses(?:/[^/]+)?|messages(?:/count_tokens)?|embeddings|` +
    'images/generations|images/edits|audio/transcriptions|models(?:/.+)?|healthz|health|metrics)$',
);

function dialectOfText(path: string): Dialect {
  if (/^\/gemini(\/|$)/.test(path) || /\/v1(beta|alpha)(\/|$)/.test(path) || /\/models\/[^/]+:/.test(path))
    return 'gemini';
  if (/^\/anthropic(\/|$)/.test(path) || /\/messages(\/|$)/.test(path)) return 'anthropic';
  if (/\/responses(\/|$)/.test(path)) return 'openai-responses';
  return 'openai-chat';
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * @param pathname the path of the request target, without its query
 * @returns the route meant; unknown paths come back cleaned, with the nearest dialect
 */
export function normalizePath(pathname: string): RoutePath {
  const path = pathname
    .replace(/\/{2,}/g, '/')
    .replace(/(.)\/+$/, '$1')
    .replace(/%3a/gi, ':');
  const gemini = GEMINI.exec(path);
  if (gemini && GEMINI_VERBS.has(gemini[3] ?? '')) {
    return {
      route: `/v1beta/${gemini[3]}`,
      dialect: 'gemini',
      certain: true,
      model: decode(gemini[2] ?? ''),
      version: gemini[1] ?? 'v1beta',
    };
  }
  const endpoint = ENDPOINT.exec(path)?.[1];
  const nearest = dialectOfText(path);
  if (endpoint === undefined) return { route: path, dialect: nearest, certain: false };
  if (endpoint === 'healthz' || endpoint === 'health')
    return { route: '/healthz', dialect: nearest, certain: false };
  if (endpoint.startsWith('messages'))
    return { route: `/v1/${endpoint}`, dialect: 'anthropic', certain: true };
  if (endpoint.startsWith('models')) {
    const id = endpoint.slice('models/'.length);
    const certain = /^\/(openai|anthropic|gemini)\//.test(path) || /\/v1(beta|alpha)\//.test(path);
    if (id) return { route: '/v1/models/one', dialect: nearest, certain, id: decode(id) };
    return { route: '/v1/models', dialect: nearest, certain };
  }
  if (endpoint.startsWith('responses')) {
    const id = endpoint.slice('responses/'.length);
    if (id === 'compact')
      return { route: '/v1/responses/compact', dialect: 'openai-responses', certain: true };
    if (id) return { route: '/v1/responses/one', dialect: 'openai-responses', certain: true, id: decode(id) };
    return { route: '/v1/responses', dialect: 'openai-responses', certain: true };
  }
  return { route: `/v1/${endpoint}`, dialect: 'openai-chat', certain: true };
}

const known = new Map<string, RoutePath>();

/** {@link normalizePath}, remembered for the few paths that clients call again and again. */
export function routeOf(pathname: string): RoutePath {
  let found = known.get(pathname);
  if (!found) {
    found = normalizePath(pathname);
    if (known.size >= 500) known.clear();
    known.set(pathname, found);
  }
  return found;
}
