// Preloaded (`--import`) into every Node process the bench measures, the product unchanged: answers on the IPC channel
// what the process has used. Microseconds from getrusage; /proc counts in ticks of 10 ms.
import { setFlagsFromString } from 'node:v8';
import { isMainThread } from 'node:worker_threads';
import { runInNewContext } from 'node:vm';

if (isMainThread && process.channel) {
  process.on('message', (ask) => {
    if (ask === 'collect') {
      setFlagsFromString('--expose-gc');
      const collect = runInNewContext('gc');
      collect();
      collect();
    }
    const { user, system } = process.cpuUsage();
    const { rss, heapUsed, external } = process.memoryUsage();
    process.send({ cpuUs: user + system, rss, heap: heapUsed + external });
  });
  // Nothing is left behind when the bench itself is killed.
  process.on('disconnect', () => process.exit());
  process.channel.unref();
}
