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
    if (message.type === 'changed') writeSync(1, `${(written += message.added)}\n`);
  });
  // Few are kept, so that the kill falls into deleting as well as into writing.
  keeper.hear({ type: 'configure', settings: monitorSchema.parse({ maxMiB: 8 }), secrets: [], file });
  for (let n = 0; ; n += BATCH) {
    const some = Array.from({ length: BATCH }, (_, index) =>
      record({ time: NOON + n + index, seq: (NOON + n + index) * 1000, id: `r${n + index}`, account: 'a' }),
    );
    const messages = some.map(({ seq }) => ({
      seq,
      part: 'request' as const,
      headers: ['content-type', 'text/plain'],
      body: [Buffer.from(`${seq} `.repeat(400))],
      size: 400 * (String(seq).length + 1),
    }));
    keeper.hear({ type: 'append', records: JSON.stringify(some), messages });
  }
}

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
            assert.match(
              Buffer.from(store.message(seq, 'request', undefined)?.body ?? '').toString(),
              /^\d+ /,
            );
          }
          store.close();
          checkIntegrity(sqlite, file);
        });
      });
    }
  });
}
