import assert from 'node:assert/strict';
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KeeperLink } from '../../../../proxy/monitor/keeper-link';
import type { FromKeeper, ToKeeper } from '../../../../proxy/monitor/keeper/keeper-messages';
import { monitorSchema } from '../../../../shared/monitor-settings';

/**
 * A keeper that writes down what it hears, a line each, and says that records are written. What the file `mode` says:
 * `die` ends it with the next batch, `mute` lets it write nothing, `slow` lets it take a while to close.
 */
const KEEPER = `
const { parentPort } = require('node:worker_threads');
const { appendFileSync, readFileSync } = require('node:fs');
const { join } = require('node:path');
const mode = () => readFileSync(join(__dirname, 'mode'), 'utf8');
parentPort.on('message', (message) => {
  if (message.type === 'append') {
    if (mode() === 'die') process.exit(3);
    if (mode() === 'mute') return;
    const records = JSON.parse(message.records);
    appendFileSync(join(__dirname, 'heard'), records.join('') + '\\n');
    parentPort.postMessage({ type: 'changed', added: records.length });
    return;
  }
  if (message.type === 'configure') {
    parentPort.postMessage({ type: 'info', info: { storage: mode() === 'memory' ? 'memory' : 'disk' } });
    return;
  }
  const answer = () => parentPort.postMessage({ type: 'answer', id: message.id, ok: true, answer: message.type });
  if (message.type === 'close' && mode() === 'slow') setTimeout(answer, 100);
  else answer();
});
`;

describe('the way to the keeper of records', () => {
  let folder: string;
  let link: KeeperLink;
  let warnings: string[];
  let told: FromKeeper[];
  const realNow = Date.now;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'portside-link-'));
    writeFileSync(join(folder, 'keeper.js'), KEEPER);
    appendFileSync(join(folder, 'heard'), '');
    become('well');
    warnings = [];
    told = [];
    const quiet = () => undefined;
    link = new KeeperLink({
      script: join(folder, 'keeper.js'),
      log: { debug: quiet, info: quiet, warn: (message) => warnings.push(message), error: quiet },
      configuration: (): ToKeeper => ({ type: 'configure', settings: monitorSchema.parse({}), secrets: [] }),
      origin: () => 'http://127.0.0.1:1',
      onMessage: (message) => told.push(message),
    });
  });
  afterEach(async () => {
    Date.now = realNow;
    become('well');
    await link.close(() => false);
    rmSync(folder, { recursive: true, force: true });
  });

  const become = (mode: string) => {
    writeFileSync(join(folder, 'mode'), mode);
  };
  const add = (...records: string[]) => {
    link.append({ type: 'append', records: JSON.stringify(records), messages: [] }, records.length);
  };
  const heard = () => readFileSync(join(folder, 'heard'), 'utf8').split('\n').filter(Boolean);
  const until = async (what: () => boolean) => {
    while (!what()) await new Promise((resolve) => setTimeout(resolve, 5));
  };
  const facets = () => link.call({ type: 'facets' });

  it('tells a new keeper of what the old one did not write, in its order', async () => {
    become('mute');
    add('a');
    add('b', 'c');
    await facets();
    become('die');
    add('d');
    await until(() => warnings.length > 0);
    become('well');
    await until(() => heard().length >= 3);
    assert.deepEqual(heard(), ['a', 'bc', 'd']);
  });

  it('loses nothing of what came while no keeper was to be had', async () => {
    become('die');
    add('a');
    await until(() => warnings.some((warning) => warning.startsWith('Requests are not recorded')));
    add('b');
    become('well');
    add('c');
    assert.deepEqual(heard(), []);
    const later = realNow() + 61_000;
    Date.now = () => later;
    add('d');
    await until(() => heard().length >= 4);
    assert.deepEqual(heard(), ['a', 'b', 'c', 'd']);
  });

  it('says so each time when there is no keeper again', async () => {
    become('die');
    add('a');
    const said = () => warnings.filter((warning) => warning.startsWith('Requests are not recorded')).length;
    await until(() => said() === 1);
    add('b');
    assert.equal(said(), 1);
    Date.now = () => realNow() + 61_000;
    add('c');
    await until(() => said() === 2);
  });

  it('gives what comes while it closes to a new keeper', async () => {
    become('slow');
    await facets();
    const closing = link.close(() => false);
    const answer = facets();
    add('a');
    assert.equal(await answer, 'call');
    await closing;
    assert.equal(link.open, true);
    await until(() => heard().length > 0);
  });

  it('leaves a keeper alone that has records in memory, also when it says so at the last moment', async () => {
    become('memory');
    add('a');
    await link.close(() => told.some((each) => each.type === 'info' && each.info.storage === 'memory'));
    assert.equal(link.open, true);
    assert.ok(existsSync(join(folder, 'heard')));
  });

  it('asks nobody when there is no bundle', async () => {
    rmSync(join(folder, 'keeper.js'));
    await assert.rejects(facets(), /bundle/);
    add('a');
    assert.match(warnings[0] ?? '', /bundle/);
  });
});
