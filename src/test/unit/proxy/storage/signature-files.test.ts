import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { skipBecause } from '../../../support/skip-because';
import { SIGNATURE_TTL_MS } from '../../../../proxy/dialects/signatures/signature-store';
import { createSignatureFiles, type SignatureFilesOptions } from '../../../../proxy/storage/signature-files';

const entry = (id: string, at: number, signature = `signature of ${id}`) => ({
  at,
  key: `gemini\n${id}`,
  signature,
});

describe('the files of signatures', () => {
  let folder: string;
  let warnings: string[];
  /** The number of a process that has ended. */
  let endedPid: number;
  before(() => {
    endedPid = spawnSync(process.execPath, ['-e', '']).pid;
  });
  beforeEach(() => {
    folder = join(mkdtempSync(join(tmpdir(), 'portside-signatures-')), 'state');
    warnings = [];
  });
  afterEach(() => {
    rmSync(join(folder, '..'), { recursive: true });
  });

  const quiet = () => undefined;
  const files = (more: Partial<SignatureFilesOptions> = {}) =>
    createSignatureFiles({
      folder,
      log: { debug: quiet, info: quiet, error: quiet, warn: (line) => warnings.push(line) },
      now: Date.now,
      ...more,
    });
  /** As a process leaves them that has ended. */
  const endAll = () => {
    for (const name of readdirSync(folder))
      renameSync(join(folder, name), join(folder, `signatures-${endedPid}-${name.slice(-20)}`));
  };

  it('give back after a restart what was kept, the oldest first and the newest of each key', async () => {
    const now = Date.now();
    const first = files();
    assert.deepEqual(await first.load(), []);
    first.add(entry('b', now - 1));
    first.add(entry('a', now - 3, 'old'));
    await first.flush();
    first.add(entry('a', now - 2, 'new "quoted"\nline'));
    await first.flush();
    assert.deepEqual(await files().load(), [entry('a', now - 2, 'new "quoted"\nline'), entry('b', now - 1)]);
    assert.deepEqual(warnings, []);
  });

  it('are written by themselves after a moment', async () => {
    const one = files();
    one.add(entry('a', Date.now()));
    while ((await files().load()).length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  });

  it('are for their owner alone', async function () {
    if (process.platform === 'win32') skipBecause(this, 'files have no such mode on Windows');
    const one = files();
    one.add(entry('a', Date.now()));
    await one.flush();
    const [name] = readdirSync(folder);
    assert.equal(statSync(join(folder, name!)).mode & 0o777, 0o600);
    assert.equal(statSync(folder).mode & 0o777, 0o700);
  });

  it('lose no more than a line that was cut off', async () => {
    const one = files();
    one.add(entry('a', Date.now()));
    await one.flush();
    const [name] = readdirSync(folder);
    appendFileSync(join(folder, name!), '[17,"gemini\\nb","half');
    writeFileSync(join(folder, 'signatures-1-x.jsonl'), 'no JSON\n{}\n[1,2,3]\n[]\n');
    assert.deepEqual(
      (await files().load()).map(({ key }) => key),
      ['gemini\na'],
    );
    assert.deepEqual(warnings, []);
  });

  it('are one per process: two at once write without meeting', async () => {
    const one = files();
    const other = files();
    const now = Date.now();
    for (let i = 0; i < 50; i++) {
      one.add(entry(`one-${i}`, now + i));
      other.add(entry(`other-${i}`, now + i));
      if (i % 7 === 0) await Promise.all([one.flush(), other.flush()]);
    }
    await Promise.all([one.flush(), other.flush()]);
    assert.equal(readdirSync(folder).length, 2);
    assert.equal((await files().load()).length, 100);
  });

  it('leave out and remove what is older than 14 days', async () => {
    const now = Date.now();
    const one = files();
    one.add(entry('old', now - SIGNATURE_TTL_MS - 1000));
    one.add(entry('young', now - 1000));
    await one.flush();
    const stale = join(folder, `signatures-${endedPid}-stale.jsonl`);
    writeFileSync(stale, `${JSON.stringify([now, 'gemini\nstale', 's'])}\n`);
    const then = (now - SIGNATURE_TTL_MS - 1000) / 1000;
    utimesSync(stale, then, then);
    assert.deepEqual(
      (await files().load()).map(({ key }) => key),
      ['gemini\nyoung'],
    );
    assert.equal(readdirSync(folder).length, 1);
  });

  it('stay under their size at the start: the newest are read, the others removed', async () => {
    const now = Date.now();
    for (const age of [3, 2, 1]) {
      const one = files();
      one.add(entry(`age-${age}`, now - age, 'x'.repeat(1000)));
      await one.flush();
      endAll();
      for (const name of readdirSync(folder)) {
        const modified = Number(/age-(\d)/.exec(readFileSync(join(folder, name), 'utf8'))?.[1]);
        utimesSync(join(folder, name), now / 1000, now / 1000 - modified);
      }
    }
    assert.deepEqual(
      (await files({ limitBytes: 2500 }).load()).map(({ key }) => key),
      ['gemini\nage-2', 'gemini\nage-1'],
    );
    assert.equal(readdirSync(folder).length, 2);
  });

  it('stay under their size while the process runs', async () => {
    const one = files({ segmentBytes: 500, limitBytes: 2000 });
    const now = Date.now();
    for (let i = 0; i < 20; i++) {
      one.add(entry(`${i}`, now + i, 'x'.repeat(300)));
      await one.flush();
    }
    const bytes = readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
    assert.ok(bytes <= 2000, `${bytes} bytes`);
    assert.equal((await files().load()).at(-1)?.key, 'gemini\n19');
  });

  it('of many ended processes become one, which holds all of them', async () => {
    const now = Date.now();
    for (let i = 0; i < 10; i++) {
      const one = files();
      one.add(entry(`${i}`, now + i));
      await one.flush();
      endAll();
    }
    assert.equal((await files({ segments: 8 }).load()).length, 10);
    assert.equal(readdirSync(folder).length, 1);
    assert.equal((await files().load()).length, 10);
  });

  it('of a process that still runs are left alone', async () => {
    const running = files();
    running.add(entry('a', Date.now()));
    await running.flush();
    await files({ segments: 0, limitBytes: 1 }).load();
    running.add(entry('b', Date.now()));
    await running.flush();
    assert.equal((await files().load()).length, 2);
  });

  it('that cannot be written are said once, and nothing else happens', async () => {
    writeFileSync(join(folder, '..', 'file'), '');
    const one = files({ folder: join(folder, '..', 'file', 'below') });
    assert.deepEqual(await one.load(), []);
    one.add(entry('a', Date.now()));
    await one.flush();
    one.add(entry('b', Date.now()));
    await one.flush();
    assert.equal(warnings.length, 1);
    assert.match(warnings[0] ?? '', /not kept between runs/);
  });

  it('come back when their folder was deleted under a running process', async () => {
    const one = files();
    one.add(entry('a', Date.now()));
    await one.flush();
    rmSync(folder, { recursive: true });
    one.add(entry('b', Date.now()));
    await one.flush();
    assert.deepEqual(
      (await files().load()).map(({ key }) => key),
      ['gemini\nb'],
    );
  });
});
