import { toWorker } from './messages.ts';
import { ScriptRunner } from './script-runner.ts';

// The entry of a worker process that runs the script of a child, forked by worker-process.ts as the head of a
// process group of its own. The script and all that it starts belong to that group, so that one signal ends
// them together.

/** Ends this process, the script and all that the script has started. */
function endGroup(): never {
  process.kill(-process.pid, 'SIGKILL');
  process.exit(0);
}

// The tool has ended, in whatever way: nothing waits for an outcome any more.
process.on('disconnect', endGroup);

let runner: ScriptRunner | undefined;

process.on('message', (message) => {
  const order = toWorker.parse(message);
  if (order.kind === 'script') {
    runner = new ScriptRunner(
      order.job,
      (answer, sent) => process.send?.(answer, undefined, undefined, sent),
      endGroup,
    );
  } else if (order.kind === 'run') runner?.run(order.request);
  else runner?.shutdown();
});
