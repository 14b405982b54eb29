import { Store } from '../../src/storage/store.ts';
import { completeOutcome, sampleCandidate, sampleStudy, sampleTrial, scored, state } from './samples.ts';

/*
 * A process of its own for processes.integration.test.ts: writer.js write|claim|hold|create FILE STUDY
 * [COUNT]. Prints one line once it has done what it was asked, or fails with the error's message.
 */
const [action, file, name, count] = process.argv.slice(2) as [string, string, string, string | undefined];

/** A study of its own with `rows` proposals, one a batch, each with a trial. */
function write(rows: number): void {
  const store = Store.open(file);
  const { id } = store.createStudy(sampleStudy(name, { baselines: [] }));
  for (let number = 1; number <= rows; number++) {
    const [candidate] = store.recordBatch(id, [sampleCandidate(number)], state(number));
    if (!candidate) throw new Error('no candidate');
    store.recordTrial(id, sampleTrial(candidate.id, { seed: number }, completeOutcome(number / 1000)));
    store.recordResults(id, [scored(candidate, number)]);
    store.completeBatch(id, state(number));
    process.stdout.write(`${number}\n`);
    breathe();
  }
  store.finishStudy(id);
  store.close();
}

/**
 * As between two trials: SQLite's lock is not fair, and one who writes without a pause can keep others out
 * for long.
 */
function breathe(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2);
}

/**
 * Waits for a line on standard input, so that several start at one instant; holds the study until the input
 * ends.
 */
function claim(): void {
  const store = Store.open(file);
  process.stdout.write('ready\n');
  process.stdin.once('data', () => {
    store.claimStudy(name);
    process.stdout.write('claimed\n');
  });
  process.stdin.once('end', () => store.close());
}

const actions: Record<string, () => void> = {
  write: () => write(Number(count)),
  claim,
  create: () => Store.open(file).close(),
};
process.on('uncaughtException', (error: Error & { code?: string }) => {
  process.stderr.write(`${error.code}: ${error.message}\n`);
  process.exit(2);
});
actions[action]?.();
