// Part of the bench `queue`: workers of one trial at a time, in one process, whose trials only take time.
// Arguments: the address of the server, how many workers, the milliseconds of a trial.
import { setTimeout as sleep } from 'node:timers/promises';
import { silentLogger } from '../src/logger.ts';
import { QueueWorker } from '../src/queue/queue-worker.ts';
import { serverAddress } from '../src/queue/server-address.ts';
import { openServer } from '../src/queue/server-connection.ts';
import { simulatedOutcome } from './simulated-outcome.ts';

const [url = '', workers = '1', milliseconds = '0'] = process.argv.slice(2);
const server = await openServer(serverAddress(url));
for (let worker = 0; worker < Number(workers); worker++) {
  const trainer = {
    size: 1,
    run: async (request: Parameters<typeof simulatedOutcome>[0]) => {
      if (milliseconds !== '0') await sleep(Number(milliseconds));
      return simulatedOutcome(request);
    },
  };
  const options = { trainer, logger: silentLogger, allowCommand: false, say: () => undefined };
  void new QueueWorker(server, options).run();
}
