import { editor, resetEditor } from '../vscode-stub';
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportRecords } from '../../../../host/monitor/export-records';
import type { MonitorCall, MonitorQuery } from '../../../../shared/monitor';

const query: MonitorQuery = { filter: {}, sort: { key: 'time', descending: true } };

describe('the export of records', () => {
  let folder: string;
  let asked: MonitorCall[];
  beforeEach(() => {
    resetEditor();
    folder = mkdtempSync(join(tmpdir(), 'portside-export-'));
    asked = [];
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** Gives these pieces; `before` is called with the number of each before it is given. */
  const monitorWith = (texts: string[], before: (index: number) => void = () => {}) => ({
    monitor: (call: MonitorCall): Promise<unknown> => {
      asked.push(call);
      if (call.type === 'query') return Promise.resolve({ total: texts.length, newest: 77 });
      assert.equal(call.type, 'exportPiece');
      before(call.at);
      const next = call.at + 1;
      return Promise.resolve({ text: texts[call.at], ...(next < texts.length && { next }) });
    },
  });
  const target = (name = 'out.jsonl') => {
    const file = join(folder, name);
    editor.files.push({ scheme: 'file', fsPath: file });
    return file;
  };

  it('writes all pieces in their order, for its owner alone, and nothing beside it', async () => {
    const file = target();
    assert.equal(await exportRecords(monitorWith(['{"a":"ä"}\n', '{"b":1}\n', '']), query, 'jsonl'), true);
    assert.equal(readFileSync(file, 'utf8'), '{"a":"ä"}\n{"b":1}\n');
    assert.equal(statSync(file).mode & 0o077, 0);
    assert.deepEqual(readdirSync(folder), ['out.jsonl']);
  });

  it('asks for the list as it was when the export began', async () => {
    target();
    await exportRecords(monitorWith(['a', 'b']), query, 'har');
    const frozen = { ...query, upTo: 77 };
    assert.deepEqual(asked, [
      { type: 'query', query },
      { type: 'exportPiece', query: frozen, format: 'har', at: 0 },
      { type: 'exportPiece', query: frozen, format: 'har', at: 1 },
    ]);
    asked = [];
    target();
    await exportRecords(monitorWith(['a']), { ...query, upTo: 5 }, 'har');
    assert.deepEqual(asked, [{ type: 'exportPiece', query: { ...query, upTo: 5 }, format: 'har', at: 0 }]);
  });

  it('asks for a piece when the one before it is written, not sooner', async () => {
    const file = target();
    const sizes: number[] = [];
    const piece = 'x'.repeat(1024 * 1024);
    const monitor = monitorWith(Array<string>(20).fill(piece), () => {
      const part = `${file}.part`;
      sizes.push(existsSync(part) ? statSync(part).size : 0);
    });
    await exportRecords(monitor, query, 'jsonl');
    assert.equal(statSync(file).size, 20 * piece.length);
    // A few pieces may be on their way between the two ends of the stream.
    assert.ok(sizes[19]! > 0, sizes.join());
  });

  it('proposes a name with the day, in the home folder where no folder is open', async () => {
    await exportRecords(monitorWith(['a']), query, 'har');
    const [proposed] = editor.proposed;
    assert.match(proposed ?? '', /[\\/]portside-\d{4}-\d\d-\d\d\.har$/);
    assert.ok(proposed?.startsWith(homedir()));
  });

  it('writes nothing and asks nothing when no file is named', async () => {
    assert.equal(await exportRecords(monitorWith(['a']), query, 'jsonl'), false);
    assert.deepEqual(asked, []);
  });

  it('leaves what was there when it is cancelled', async () => {
    const file = target();
    writeFileSync(file, 'older');
    const monitor = monitorWith(['a', 'b', 'c'], (at) => at === 1 && editor.cancel());
    assert.equal(await exportRecords(monitor, query, 'jsonl'), false);
    assert.ok(asked.every((call) => call.type !== 'exportPiece' || call.at < 2));
    assert.equal(readFileSync(file, 'utf8'), 'older');
    assert.deepEqual(readdirSync(folder), ['out.jsonl']);
  });

  it('writes nothing to another target when it is cancelled', async () => {
    editor.files.push({ scheme: 'vscode-vfs', fsPath: '/x/out.har' });
    const monitor = monitorWith(['a', 'b', 'c'], (at) => at === 1 && editor.cancel());
    assert.equal(await exportRecords(monitor, query, 'har'), false);
    assert.equal(editor.disk.size, 0);
    assert.ok(asked.every((call) => call.type !== 'exportPiece' || call.at < 2));
  });

  it('leaves what was there and says why when the monitor fails', async () => {
    const file = target();
    writeFileSync(file, 'older');
    const monitor = monitorWith(['a', 'b'], (at) => {
      if (at === 1) throw new Error('The records cannot be read.');
    });
    await assert.rejects(exportRecords(monitor, query, 'jsonl'), /cannot be read/);
    assert.equal(readFileSync(file, 'utf8'), 'older');
    assert.deepEqual(readdirSync(folder), ['out.jsonl']);
  });

  it('says why when the file cannot be written', async () => {
    target(join('nowhere', 'out.jsonl'));
    await assert.rejects(exportRecords(monitorWith(['a']), query, 'jsonl'), { code: 'ENOENT' });
  });

  it('gives all of it at once to a target that is no file on a disk', async () => {
    const file = { scheme: 'vscode-vfs', fsPath: '/x/out.har' };
    editor.files.push(file);
    assert.equal(await exportRecords(monitorWith(['{"log":', '{}}']), query, 'har'), true);
    assert.equal(Buffer.from(editor.disk.get(file) ?? []).toString(), '{"log":{}}');
  });
});
