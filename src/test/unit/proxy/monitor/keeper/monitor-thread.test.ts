import assert from 'node:assert/strict';
import { once } from 'node:events';
import { join } from 'node:path';
import { isMainThread, MessageChannel, Worker } from 'node:worker_threads';
import {
  KEEPER_MARK,
  type FromKeeper,
  type ToKeeper,
} from '../../../../../proxy/monitor/keeper/keeper-messages';
import { serveKeeper } from '../../../../../proxy/monitor-thread';
import { monitorSchema } from '../../../../../shared/monitor-settings';
import { inFolder, records, sqliteOr } from '../store/store-samples';

/** What both a worker and a port have. */
interface Talk {
  postMessage(message: ToKeeper): void;
  on(event: 'message', listener: (message: FromKeeper) => void): unknown;
}

/** Lets three records be kept, and closes. @returns what was said, up to the answer */
async function talk(port: Talk, file?: string): Promise<FromKeeper[]> {
  const said: FromKeeper[] = [];
  const closed = new Promise<void>((resolve) => {
    port.on('message', (message) => {
      said.push(message);
      if (message.type === 'answer') resolve();
    });
  });
  const settings = monitorSchema.parse({});
  port.postMessage({ type: 'configure', settings, secrets: [], ...(file !== undefined && { file }) });
  port.postMessage({ type: 'append', records: JSON.stringify(records(3)), messages: [] });
  port.postMessage({ type: 'close', id: 7 });
  await closed;
  return said;
}

const isWritten = (said: FromKeeper[]) =>
  said.some((each) => each.type === 'changed' && each.added === 3) &&
  said.some((each) => each.type === 'answer' && each.ok && each.id === 7);

// This file is also what its workers load: they are the entry that it imports.
if (isMainThread) {
  describe("the keeper's thread", () => {
    it('keeps records behind its port, and nothing of it stands on stderr', async function () {
      sqliteOr(this);
      await inFolder(async (folder) => {
        const worker = new Worker(__filename, { workerData: { [KEEPER_MARK]: true }, stderr: true });
        let stderr = '';
        worker.stderr.on('data', (text) => (stderr += String(text)));
        assert.ok(isWritten(await talk(worker, join(folder, 'monitor.db'))));
        await worker.terminate();
        assert.equal(stderr, '');
      });
    });

    it('does nothing in a worker of somebody else', async () => {
      const worker = new Worker(__filename, { workerData: { other: true } });
      assert.deepEqual(await once(worker, 'exit'), [0]);
    });

    it('keeps records within a thread where workers are not to be had', async () => {
      const { port1, port2 } = new MessageChannel();
      serveKeeper(port2);
      assert.ok(isWritten(await talk(port1)));
      port1.close();
    });
  });
}
