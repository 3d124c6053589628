import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as vscode from 'vscode';
import type { Controller } from '../../host/controller/controller';
import { beginAnew, eventually } from './portside';

/** A forward proxy that answers every request itself, with a list of models, and writes down what it was asked for. */
async function forwardProxy() {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.setHeader('content-type', 'application/json');
    response.end('{"object":"list","data":[{"id":"far-away"}]}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    asked,
    url: `http://127.0.0.1:${port}`,
    close: () => (server.close(), server.closeAllConnections()),
  };
}

describe('the network settings of the editor', () => {
  let proxy: Controller;

  before(async () => {
    ({ proxy } = await beginAnew());
  });
  after(async () => {
    await vscode.workspace
      .getConfiguration('http')
      .update('proxy', undefined, vscode.ConfigurationTarget.Global);
    await proxy.stop();
  });

  it('act on the next request to an upstream, without a restart', async () => {
    await proxy.addAccount({ provider: 'demo', key: '' });
    await proxy.start();
    const account = {
      provider: 'openai-compatible',
      key: '',
      baseUrl: 'http://upstream.invalid/v1',
    } as const;
    for (const forward of [await forwardProxy(), await forwardProxy()]) {
      try {
        await vscode.workspace
          .getConfiguration('http')
          .update('proxy', forward.url, vscode.ConfigurationTarget.Global);
        await eventually(
          () => vscode.workspace.getConfiguration('http').get('proxy') === forward.url,
          'the editor took the setting',
        );
        const test = await proxy.testAccount(account);
        assert.deepEqual([test.ok, test.models], [true, ['far-away']], test.message);
        assert.equal(new URL(forward.asked[0] ?? '').host, 'upstream.invalid');
      } finally {
        forward.close();
      }
    }
  });
});
