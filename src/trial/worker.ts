import { ActivationSearchError } from '../errors.ts';
import { toWorker, type WorkerMessage } from './messages.ts';
import type { TrialRequest } from './protocol.ts';

// The entry of a worker process, forked by worker-process.ts with TensorFlow's settings in its environment.
// It trains one trial after another, synchronously except for short breaks in which messages are read.

// Ctrl-C and a closing terminal reach the whole process group: the coordinator decides what they mean.
process.on('SIGINT', () => undefined);
process.on('SIGHUP', () => undefined);
// The coordinator has ended, in whatever way: nothing waits for an outcome any more.
process.on('disconnect', () => process.exit(0));

const coordinator = process.ppid;

// Loaded after the handlers stand; takes about a second.
const { trainTrial, loadTrainer } = await import('./train-trial.ts');
await loadTrainer();

process.on('message', (message) => {
  const order = toWorker.parse(message);
  if (order.kind === 'run') void train(order.request);
  else process.exit(0);
});
send({ kind: 'ready' });

async function train(request: TrialRequest): Promise<void> {
  try {
    const outcome = await trainTrial(request, {
      onProgress: (progress) => {
        // A process that ends by SIGKILL while this one trains leaves it to another parent at once.
        if (process.ppid !== coordinator) process.exit(0);
        send({ kind: 'progress', ...progress });
      },
      onWarning: (text) => process.stderr.write(`${text}\n`),
    });
    send({ kind: 'outcome', outcome });
  } catch (error) {
    if (error instanceof ActivationSearchError && error.code !== 'internal') {
      const hint = error.hint === undefined ? {} : { hint: error.hint };
      send({ kind: 'refused', code: error.code, message: error.message, ...hint });
      return;
    }
    // What is left of the training in memory is unknown: leave, and let a fresh process try again.
    const reason = error instanceof Error ? error.message : String(error);
    process.stderr.write(`${error instanceof Error ? error.stack : reason}\n`);
    process.exitCode = 1;
    send({ kind: 'failed', reason: `the training failed: ${reason}` }, () => process.exit(1));
  }
}

function send(message: WorkerMessage, sent?: () => void): void {
  process.send?.(message, undefined, undefined, sent);
}
