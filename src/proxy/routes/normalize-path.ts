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
  /** What stands behind the id of a response: `input_items`, `cancel`. */
  below?: string;
  /** Gemini: the API version to use upstream. */
  version?: string;
  /** It is for Portside's owner alone, and asking for it is never recorded: the monitor, `/metrics`. */
  owner?: true;
}

/** Vertex AI has Gemini's endpoints below its publisher's name, and a version of its own: `@google/genai` in that mode. */
const GEMINI =
  /^(?:\/(?:gemini|v1|v1beta1|v1beta|v1alpha))*?(?:\/(v1|v1beta1|v1beta|v1alpha))?(?:(?:\/projects\/[^/]+\/locations\/[^/]+)?\/publishers\/google)?\/(models|tunedModels)\/(.+)[:/]([A-Za-z]+)$/;
const GEMINI_VERBS = new Set([
  'generateContent',
  'streamGenerateContent',
  'countTokens',
  'embedContent',
  'batchEmbedContents',
]);
const PREFIXES = 'openai|anthropic|gemini|v1|v1beta|v1alpha|chat/completions|completions|responses|messages';
const ENDPOINT = new RegExp(
  `^(?:/(?:${PREFIXES}))*/(chat/completions|completions|responses(?:/[^/]+(?:/(?:input_items|cancel))?)?|messages(?:/count_tokens)?|embeddings|` +
    'images/generations|images/edits|audio/transcriptions|models(?:/.+)?|healthz|health|metrics)$',
);

/** The monitor's page and what it loads. Relative to a page at `/monitor/` they stand below `/monitor/monitor`. */
const MONITOR = /^(?:\/(?:openai|anthropic|gemini|v1|v1beta|v1alpha|monitor))*(\/monitor(?:\/.*)?)$/;

/** What comes before the endpoint: the last dialect it names counts (`/v1beta/openai` is Gemini's name for OpenAI's). */
const PREFIX = /^(?:\/(?:openai|anthropic|gemini|v1beta|v1alpha|v1))*(?=\/|$)/;
const PREFIX_DIALECTS: Record<string, Dialect> = {
  openai: 'openai-chat',
  anthropic: 'anthropic',
  gemini: 'gemini',
  v1beta: 'gemini',
  v1alpha: 'gemini',
};

function dialectOfPrefix(path: string): Dialect | undefined {
  const parts = (PREFIX.exec(path)?.[0] ?? '').split('/').reverse();
  const named = parts.find((part) => Object.hasOwn(PREFIX_DIALECTS, part));
  return named === undefined ? undefined : PREFIX_DIALECTS[named];
}

/** The dialect nearest to a path that names no endpoint. */
function dialectOfText(path: string): Dialect {
  const named = dialectOfPrefix(path);
  if (named === 'gemini' || named === 'anthropic') return named;
  if (/\/(models|tunedModels)\/[^/]+:/.test(path)) return 'gemini';
  if (/\/messages(\/|$)/.test(path)) return 'anthropic';
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
  // A request target may be a whole URL (RFC 9112 §3.2.2).
  const target = pathname.startsWith('/') ? pathname : pathname.replace(/^https?:\/\/[^/]*/i, '');
  const path =
    target
      .replace(/\/{2,}/g, '/')
      .replace(/(.)\/+$/, '$1')
      .replace(/%3a/gi, ':') || '/';
  const [, version, kind, name, verb = ''] = GEMINI.exec(path) ?? [];
  if (name !== undefined && GEMINI_VERBS.has(verb)) {
    // A tuned model keeps its kind in its name; `models/` may stand there twice.
    const model = decode(name).replace(/^models\//, '');
    return {
      route: `/v1beta/${verb}`,
      dialect: 'gemini',
      certain: true,
      model: kind === 'tunedModels' ? `tunedModels/${model}` : model,
      version: version === undefined || version === 'v1beta1' ? 'v1beta' : version,
    };
  }
  const endpoint = ENDPOINT.exec(path)?.[1];
  const nearest = dialectOfText(path);
  const monitor = MONITOR.exec(path)?.[1];
  if (monitor !== undefined) return { route: monitor, dialect: nearest, certain: true, owner: true };
  if (endpoint === undefined) return { route: path, dialect: nearest, certain: false };
  if (endpoint === 'metrics') return { route: '/metrics', dialect: nearest, certain: true, owner: true };
  if (endpoint === 'healthz' || endpoint === 'health')
    return { route: '/healthz', dialect: nearest, certain: false };
  if (endpoint.startsWith('messages'))
    return { route: `/v1/${endpoint}`, dialect: 'anthropic', certain: true };
  if (endpoint.startsWith('models')) {
    const id = endpoint.slice('models/'.length);
    // Not what the id looks like: it may hold slashes and colons in any dialect.
    const named = dialectOfPrefix(path);
    const common = { dialect: named ?? ('openai-chat' as const), certain: named !== undefined };
    if (id) return { route: '/v1/models/one', ...common, id: decode(id) };
    return { route: '/v1/models', ...common };
  }
  if (endpoint.startsWith('responses')) {
    const id = endpoint.slice('responses/'.length);
    if (id === 'input_tokens')
      return { route: '/v1/responses/input_tokens', dialect: 'openai-responses', certain: true };
    if (id === 'compact')
      return { route: '/v1/responses/compact', dialect: 'openai-responses', certain: true };
    if (id) {
      const [name = '', below] = id.split('/');
      const route = below === undefined ? '/v1/responses/one' : `/v1/responses/one/${below}`;
      return {
        route,
        dialect: 'openai-responses',
        certain: true,
        id: decode(name),
        ...(below !== undefined && { below }),
      };
    }
    return { route: '/v1/responses', dialect: 'openai-responses', certain: true };
  }
  return { route: `/v1/${endpoint}`, dialect: 'openai-chat', certain: true };
}

/** Longer paths than clients build are not worth the memory. */
const LONGEST_KNOWN = 300;
const known = new Map<string, RoutePath>();

/** {@link normalizePath}, remembered for the few paths that clients call again and again. */
export function routeOf(pathname: string): RoutePath {
  let found = known.get(pathname);
  if (!found) {
    found = normalizePath(pathname);
    if (pathname.length > LONGEST_KNOWN) return found;
    if (known.size >= 500) known.clear();
    known.set(pathname, found);
  }
  return found;
}
