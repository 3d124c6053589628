import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { writeSync } from 'node:fs';
import { Keeper } from '../../../../../proxy/monitor/keeper/keeper';
import { openStore } from '../../../../../proxy/monitor/store/open-store';
import { monitorSchema } from '../../../../../shared/monitor-settings';
import { checkIntegrity, inFolder, NOON, query, record, sqliteOr } from '../store/store-samples';

const CHILD = 'append-until-killed';
const BATCH = 20;

/** What the killed process does: batch after batch, and a line for each that it was told to be written. */
function appendUntilKilled(file: string): void {
  let written = 0;
  const keeper = new Keeper((message) => {
    if (message.type === 'changed' && message.added > 0) writeSync(1, `${(written += message.added)}\n`);
  });
  // Little is kept, so that the kill falls into deleting as well as into writing.
  keeper.hear({ type: 'configure', settings: monitorSchema.parse({ maxMiB: 8 }), secrets: [], file });
  const append = (n: number) => {
    const some = Array.from({ length: BATCH }, (_, index) =>
      record({ time: NOON + n + index, seq: (NOON + n + index) * 1000, id: `r${n + index}`, account: 'a' }),
    );
    const messages = some.map(({ seq }) => {
      const body = Buffer.from(`${seq} ${randomWords()}`);
      const headers = ['content-type', 'text/plain'];
      return { seq, part: 'request' as const, headers, body: [body], size: body.length };
    });
    keeper.hear({ type: 'append', records: JSON.stringify(some), messages });
    setImmediate(append, n + BATCH);
  };
  append(0);
}

/** Some thousand characters that cannot be made much smaller, and look like nobody's key. */
const randomWords = (): string =>
  Array.from({ length: 3000 }, () => Math.floor(Math.random() * 46656).toString(36)).join(' ');

if (process.argv[2] === CHILD) appendUntilKilled(process.argv[3] ?? '');
else {
  describe('a kill of the process', () => {
    for (const lines of [1, 2, 7, 30, 90]) {
      it(`leaves everything that was told to be written, and a sound database: after ${lines} batches`, async function () {
        this.timeout(60_000);
        const sqlite = sqliteOr(this);
        await inFolder(async (folder) => {
          const file = join(folder, 'monitor.db');
          const child = spawn(process.execPath, [__filename, CHILD, file], {
            stdio: ['ignore', 'pipe', 'inherit'],
          });
          let told = 0;
          let seen = 0;
          for await (const line of createInterface({ input: child.stdout })) {
            told = Number(line);
            // At some moment within the batch that follows.
            if (++seen === lines) setTimeout(() => child.kill('SIGKILL'), lines % 5);
          }
          assert.ok(told >= lines * BATCH);
          const { store, note } = openStore(file, NOON);
          assert.deepEqual([store.kind, note], ['disk', undefined]);
          const { total } = store.count(query());
          assert.ok(total >= told, `${total} of ${told}`);
          assert.equal(total % BATCH, 0, 'a batch is there as a whole or not at all');
          assert.equal(store.usage(0, NOON * 2, true)[0]?.sums.requests, total);
          for (const { seq, captured } of store.rows(query(), 0, total)) {
            assert.ok(captured);
            const kept = store.message(seq, 'request', undefined);
            if (kept?.kept === 0) assert.match(kept.note ?? '', /deleted/);
            else
              assert.ok(
                Buffer.from(kept?.body ?? '')
                  .toString()
                  .startsWith(`${seq} `),
              );
          }
          store.close();
          checkIntegrity(sqlite, file);
        });
      });
    }
  });
}
