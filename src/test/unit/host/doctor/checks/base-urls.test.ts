import { bench, LOCAL_KEY, RUNNING } from '../doctor-bench';
import assert from 'node:assert/strict';
import { checkBaseUrls } from '../../../../../host/doctor/checks/base-urls';

describe('the doctor on base URLs', () => {
  function running() {
    const own = bench();
    Object.assign(own.world.status, RUNNING);
    return own;
  }

  it('asks no proxy that does not run', async () => {
    const { find, world } = bench();
    world.probe = () => assert.fail('nobody is asked');
    assert.deepEqual(await find(checkBaseUrls), ['info: Not looked at: the proxy does not run.']);
  });

  it('asks each as clients of that protocol do, with their header for the key', async () => {
    const { find, world } = running();
    const asked: string[] = [];
    world.probe = (url, headers) => {
      const [name] = Object.entries(headers).find(([, value]) => value.includes(LOCAL_KEY)) ?? [];
      asked.push(`${url} ${name}`);
      return Promise.resolve({ status: 200, body: '{"data":[1,2],"models":[3]}' });
    };
    assert.deepEqual(await find(checkBaseUrls), [
      'ok: OpenAI: http://127.0.0.1:8045/v1 answers. Models: 2.',
      'ok: Anthropic: http://127.0.0.1:8045 answers. Models: 2.',
      'ok: Gemini: http://127.0.0.1:8045 answers. Models: 1.',
    ]);
    assert.deepEqual(asked, [
      'http://127.0.0.1:8045/v1/models authorization',
      'http://127.0.0.1:8045/v1/models x-api-key',
      'http://127.0.0.1:8045/v1beta/models x-goog-api-key',
    ]);
  });

  it('finds refusals, empty lists and silence', async () => {
    const { find, press, done, world } = running();
    world.probe = (url, headers) => {
      if ('authorization' in headers) return Promise.resolve({ status: 401, body: 'no such key' });
      if (url.includes('beta')) return Promise.reject(new Error('ECONNRESET'));
      return Promise.resolve({ status: 200, body: '{"data":[]}' });
    };
    assert.deepEqual(await find(checkBaseUrls), [
      'error: OpenAI: http://127.0.0.1:8045/v1 answers 401: no such key',
      'warning: Anthropic: http://127.0.0.1:8045 answers, but has no models.',
      'error: Gemini: http://127.0.0.1:8045 cannot be reached: ECONNRESET',
    ]);
    assert.equal(await press(checkBaseUrls, /401/), 'Show Logs');
    assert.equal(await press(checkBaseUrls, /ECONNRESET/), 'Restart Proxy');
    assert.deepEqual(done, ['portside.showLogs', 'portside.restart']);
  });
});
