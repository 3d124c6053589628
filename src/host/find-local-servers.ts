/** Model servers on this machine that answer where they usually do. */
import type { ProviderName } from '../shared/setting-names';
import { probeHttp } from './probe-http';

/** A server that answered. */
export interface LocalServer {
  name: string;
  provider: ProviderName;
  baseUrl: string;
  models: string[];
}

/** A place to look at. */
export interface LocalPlace {
  name: string;
  provider: ProviderName;
  port: number;
}

/** Each one's default port, from its own documentation. */
const PLACES: readonly LocalPlace[] = [
  { name: 'Ollama', provider: 'ollama', port: 11434 },
  { name: 'LM Studio', provider: 'openai-compatible', port: 1234 },
  { name: 'llama.cpp', provider: 'openai-compatible', port: 8080 },
  { name: 'vLLM', provider: 'openai-compatible', port: 8000 },
];

/** A server on this machine answers at once or is not there. */
const TIMEOUT_MS = 1_000;

/**
 * Asks each place for its models, all at the same time.
 * @param except the proxy's own port: it would find itself
 * @returns those that answered with a list of models, in the order of the places
 */
export async function findLocalServers(
  except: number | undefined,
  places: readonly LocalPlace[] = PLACES,
): Promise<LocalServer[]> {
  const found = await Promise.all(places.filter(({ port }) => port !== except).map(look));
  return found.filter((server) => server !== undefined);
}

async function look({ name, provider, port }: LocalPlace): Promise<LocalServer | undefined> {
  const baseUrl = `http://127.0.0.1:${port}/v1`;
  try {
    const { status, body } = await probeHttp(`${baseUrl}/models`, TIMEOUT_MS);
    if (status !== 200) return undefined;
    const models = modelIds(JSON.parse(body));
    return models && { name, provider, baseUrl, models };
  } catch {
    // Nothing there, or something else: that is the answer.
    return undefined;
  }
}

/** The ids in an OpenAI model list, or undefined when it is none. */
function modelIds(list: unknown): string[] | undefined {
  const data = (list as { data?: unknown } | null)?.data;
  if (!Array.isArray(data)) return undefined;
  return data.flatMap((model: unknown) => {
    const id = (model as { id?: unknown } | null)?.id;
    return typeof id === 'string' ? [id] : [];
  });
}
