import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { findFreePort } from '../../../../host/find-free-port';
import { findLocalServers } from '../../../../host/accounts/find-local-servers';

const MODELS = '{"object":"list","data":[{"id":"llama3"},{"id":"qwen3"}]}';

/** A server that answers these paths with these bodies, and everything else with `otherwise`. */
async function serve(paths: Record<string, string>, otherwise: [number, string] = [404, '']) {
  const server = createServer((request, response) => {
    const body = paths[request.url ?? ''];
    response.statusCode = body === undefined ? otherwise[0] : 200;
    response.end(body ?? otherwise[1]);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { port, close: () => server.close() };
}

/** What each server answers, after its own documentation. */
const OLLAMA = { '/api/version': '{"version":"0.12.6"}', '/api/tags': '{"models":[{"name":"llama3"}]}' };
const LLAMA_CPP = { '/props': '{"default_generation_settings":{"n_ctx":4096},"build_info":"b6000"}' };
const SERVERS: [string, string, Record<string, string>][] = [
  ['Ollama', 'ollama', OLLAMA],
  ['LM Studio', 'lmstudio', { '/api/v1/models': '{"models":[{"type":"llm","key":"qwen3"}]}' }],
  ['LM Studio', 'lmstudio', { '/api/v0/models': '{"data":[{"id":"qwen3","compatibility_type":"gguf"}]}' }],
  ['llama.cpp', 'openai-compatible', LLAMA_CPP],
  [
    'vLLM',
    'openai-compatible',
    { '/v1/models': '{"data":[{"id":"llama3","owned_by":"vllm"},{"id":"qwen3"}]}' },
  ],
  ['LocalAI', 'openai-compatible', { '/system': '{"backends":["llama-cpp"],"loaded_models":[]}' }],
  [
    'KoboldCpp',
    'openai-compatible',
    { '/api/extra/version': '{"result":"KoboldCpp","version":"1.98"}', ...OLLAMA, ...LLAMA_CPP },
  ],
];

describe('the search for local servers', () => {
  for (const [name, provider, paths] of SERVERS)
    it(`knows ${name} by ${Object.keys(paths)[0]}`, async () => {
      const server = await serve({ '/v1/models': MODELS, ...paths });
      assert.deepEqual(await findLocalServers(undefined, [server.port]), [
        { name, provider, baseUrl: `http://127.0.0.1:${server.port}/v1`, models: ['llama3', 'qwen3'] },
      ]);
      server.close();
    });

  it('finds those that list models, and only those, and calls a stranger by its port', async () => {
    const good = await serve({ '/v1/models': MODELS });
    const web = await serve({}, [200, '<html>']);
    const locked = await serve({}, [401, '{"data":[]}']);
    const chatty = await serve({ '/v1/models': MODELS }, [200, '{"error":"Unexpected endpoint or method."}']);
    const ports = [web.port, good.port, locked.port, chatty.port];
    const names = (await findLocalServers(undefined, ports)).map(({ name }) => name);
    assert.deepEqual(names, [`Port ${good.port}`, `Port ${chatty.port}`]);
    assert.deepEqual(await findLocalServers(good.port, [good.port]), [], 'the proxy does not find itself');
    for (const server of [good, web, locked, chatty]) server.close();
  });

  it('takes Ollama without models for what it is', async () => {
    const server = await serve({ '/v1/models': '{"object":"list","data":null}', ...OLLAMA });
    const [found] = await findLocalServers(undefined, [server.port]);
    assert.deepEqual([found?.name, found?.models], ['Ollama', []]);
    server.close();
  });
});

describe('the search for a free port', () => {
  it('passes by the ports in use and above the last port there is nothing', async () => {
    const taken = await serve({});
    const found = await findFreePort(taken.port - 1, '127.0.0.1');
    assert.ok(found === undefined || found > taken.port);
    assert.equal(await findFreePort(65_535, '127.0.0.1'), undefined);
    taken.close();
  });
});
