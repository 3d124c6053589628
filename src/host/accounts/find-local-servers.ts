/** Model servers on this machine: looked for at the ports they usually have, known by what they alone answer. */
import type { ProviderName } from '../../shared/setting-names';
import { probeHttp } from '../probe-http';

/** A server that answered. */
export interface LocalServer {
  name: string;
  provider: ProviderName;
  baseUrl: string;
  models: string[];
}

/** Answers a GET of a path with JSON; undefined for anything else. */
type Get = (path: string) => Promise<unknown>;

/** A kind of server and how it shows itself. */
interface Kind {
  name: string;
  provider: ProviderName;
  /** Whether the server behind `get` is one. */
  is(get: Get): Promise<boolean>;
}

/**
 * In this order: KoboldCpp also answers as Ollama and as llama.cpp, and Ollama's own paths are answered by others.
 * Each asks for something that its own documentation names.
 */
const KINDS: readonly Kind[] = [
  {
    // https://lite.koboldai.net/koboldcpp_api: {"result":"KoboldCpp","version":"…"}
    name: 'KoboldCpp',
    provider: 'openai-compatible',
    is: async (get) => field(await get('/api/extra/version'), 'result') === 'KoboldCpp',
  },
  {
    // https://lmstudio.ai/docs/developer/rest: /api/v1 from 0.4 on, /api/v0 before; other paths answer 200 with an error.
    name: 'LM Studio',
    provider: 'lmstudio',
    is: async (get) =>
      hasItems(field(await get('/api/v1/models'), 'models'), 'key') ||
      hasItems(field(await get('/api/v0/models'), 'data'), 'compatibility_type'),
  },
  {
    // https://localai.io/docs/reference/system-info
    name: 'LocalAI',
    provider: 'openai-compatible',
    is: async (get) => Array.isArray(field(await get('/system'), 'backends')),
  },
  {
    // https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md (GET /props)
    name: 'llama.cpp',
    provider: 'openai-compatible',
    is: async (get) => isObject(field(await get('/props'), 'default_generation_settings')),
  },
  {
    // https://docs.vllm.ai: its models are owned by "vllm"; /version tells no name.
    name: 'vLLM',
    provider: 'openai-compatible',
    is: async (get) => {
      const models = field(await get('/v1/models'), 'data');
      return Array.isArray(models) && models.some((model) => field(model, 'owned_by') === 'vllm');
    },
  },
  {
    // https://docs.ollama.com/api: GET /api/version and GET /api/tags
    name: 'Ollama',
    provider: 'ollama',
    is: async (get) =>
      typeof field(await get('/api/version'), 'version') === 'string' &&
      Array.isArray(field(await get('/api/tags'), 'models')),
  },
];

/** Of Ollama, LM Studio, llama.cpp and LocalAI, vLLM, Jan, KoboldCpp: from their own documentation. */
const PORTS: readonly number[] = [11434, 1234, 8080, 8000, 1337, 5001];
/** Jan answers as any server of OpenAI's form; its port is its own. */
const NAMES: Readonly<Record<number, string>> = { 1337: 'Jan' };

/** A server on this machine answers at once or is not there. */
const TIMEOUT_MS = 1_000;

/**
 * Asks each port for its models, all at the same time, and who it is.
 * @param except the proxy's own port: it would find itself
 * @returns those that list models as OpenAI does, in the order of the ports; one that no sign tells apart is named after
 * its port
 */
export async function findLocalServers(
  except: number | undefined,
  ports: readonly number[] = PORTS,
): Promise<LocalServer[]> {
  const found = await Promise.all(ports.filter((port) => port !== except).map(look));
  return found.filter((server) => server !== undefined);
}

async function look(port: number): Promise<LocalServer | undefined> {
  const root = `http://127.0.0.1:${port}`;
  const get: Get = async (path) => {
    try {
      const { status, body } = await probeHttp(root + path, TIMEOUT_MS);
      return status === 200 ? (JSON.parse(body) as unknown) : undefined;
    } catch {
      // Nothing there, or something else: that is the answer.
      return undefined;
    }
  };
  const models = modelIds(await get('/v1/models'));
  if (!models) return undefined;
  const server = { baseUrl: `${root}/v1`, models };
  for (const { name, provider, is } of KINDS) {
    if (await is(get)) return { name, provider, ...server };
  }
  return { name: NAMES[port] ?? `Port ${port}`, provider: 'openai-compatible', ...server };
}

/** The ids in an OpenAI model list, or undefined when it is none. Ollama without models has `null` there. */
function modelIds(list: unknown): string[] | undefined {
  const data = field(list, 'data');
  if (data === null && field(list, 'object') === 'list') return [];
  if (!Array.isArray(data)) return undefined;
  return data.flatMap((model: unknown) => {
    const id = field(model, 'id');
    return typeof id === 'string' ? [id] : [];
  });
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const field = (value: unknown, name: string): unknown => (isObject(value) ? value[name] : undefined);

/** A list of objects that all have a field; an empty one says as much as it can. */
const hasItems = (list: unknown, name: string): boolean =>
  Array.isArray(list) && list.every((item) => field(item, name) !== undefined);
