import { isObject } from '../../shared/json';
import { NO_KEY } from '../../shared/quick-start';
import { resolveAuthMode } from '../../shared/setting-names';
import type { Controller } from '../controller/controller';
import { probeHttp } from '../probe-http';
import type { Connection } from './agent';

const LIST_TIMEOUT_MS = 3_000;
/** Agents show them in lists to pick from; a provider may have hundreds. */
const MOST_MODELS = 50;

/** What agents are told now: the key only where one is asked for, and the models that the accounts name. */
export async function editorConnection(controller: Controller): Promise<Connection> {
  const { authMode, allowLanAccess } = controller.settings();
  const isOpen = resolveAuthMode(authMode, allowLanAccess) === 'off';
  const own = controller
    .accounts()
    .filter(({ enabled }) => enabled)
    .flatMap(({ models = [], defaultModel }) => [
      ...(defaultModel === undefined ? [] : [defaultModel]),
      ...models,
    ]);
  return {
    url: controller.baseUrl(),
    key: isOpen ? NO_KEY : await controller.apiKey(),
    models: [...new Set([controller.sampleModel(), ...own])].slice(0, MOST_MODELS),
  };
}

/** As {@link editorConnection}, with the models that the running proxy lists; it may take seconds. Never rejects for it. */
export async function fullConnection(controller: Controller): Promise<Connection> {
  const connection = await editorConnection(controller);
  const { listening } = controller.status();
  if (!listening) return connection;
  try {
    const headers = { authorization: `Bearer ${await controller.apiKey()}` };
    const { body } = await probeHttp(`${listening.url}/v1/models`, LIST_TIMEOUT_MS, headers);
    const { data } = JSON.parse(body) as { data?: unknown };
    const listed = (Array.isArray(data) ? data : []).flatMap((model: unknown) =>
      isObject(model) && typeof model['id'] === 'string' ? [model['id']] : [],
    );
    return { ...connection, models: [...new Set([...connection.models, ...listed])].slice(0, MOST_MODELS) };
  } catch {
    // Those that the accounts name are enough to begin with.
    return connection;
  }
}
