import assert from 'node:assert/strict';
import { accountWithKeySchema, type Account } from '../../../../../shared/settings';
import { ProxyError } from '../../../../../proxy/errors';
import { vertex } from '../../../../../proxy/providers/vertex';
import { Dispatchers } from '../../../../../proxy/upstream/dispatcher';
import {
  serviceAccount,
  startTokenServer,
  type TokenServer,
} from '../../../../support/upstream/token-server';

describe('what lets a request in at Vertex AI', () => {
  let server: TokenServer;
  const dispatchers = new Dispatchers(5000);
  before(async () => {
    server = await startTokenServer();
  });
  after(async () => {
    await dispatchers.destroy();
    await server.close();
  });

  const ask = (key: string, more: Partial<Account> = {}, publisher = 'google') => {
    const account = accountWithKeySchema.parse({ id: 'v', provider: 'vertex', key, ...more });
    const url = `https://aiplatform.googleapis.com/v1/publishers/${publisher}/models/m:x`;
    return vertex.endpoints[0]!.authorize!(
      account,
      { method: 'POST', url, headers: [], body: null },
      dispatchers,
    );
  };
  const refusal = async (asked: Promise<string[]>): Promise<string> => {
    const error: unknown = await asked.then(
      () => assert.fail('it was let in'),
      (thrown: unknown) => thrown,
    );
    assert.ok(error instanceof ProxyError);
    assert.equal(error.status, 401);
    return error.message;
  };

  it('is a token for a service account', async () => {
    const [name, value] = await ask(serviceAccount(server));
    assert.equal(name, 'authorization');
    assert.match(value!, /^Bearer token-\d+$/);
  });

  it('is nothing more for an API key, which nobody trades for a token', async () => {
    const asked = server.asked.length;
    assert.deepEqual(await ask('AIzaKey'), []);
    assert.deepEqual(vertex.endpoints[0]!.auth('AIzaKey'), { 'x-goog-api-key': 'AIzaKey' });
    assert.equal(server.asked.length, asked);
  });

  it('is never the service account itself', () => {
    assert.deepEqual(vertex.endpoints[0]!.auth(serviceAccount(server)), {});
  });

  it('is not to be had for Claude with an API key', async () => {
    assert.match(await refusal(ask('AIzaKey', {}, 'anthropic')), /key of a service account/);
  });

  it('is not the name of a file', async () => {
    const message = await refusal(ask('/home/me/key.json'));
    assert.match(message, /what is in the file/);
    assert.doesNotMatch(message, /home/);
  });

  it('is not sent where nobody says which project is meant', async () => {
    const named = process.env.GOOGLE_CLOUD_PROJECT;
    delete process.env.GOOGLE_CLOUD_PROJECT;
    try {
      const key = serviceAccount(server, { project_id: undefined });
      assert.match(await refusal(ask(key)), /Set its project/);
      assert.equal((await ask(key, { project: 'mine' })).length, 2);
    } finally {
      if (named !== undefined) process.env.GOOGLE_CLOUD_PROJECT = named;
    }
  });
});
