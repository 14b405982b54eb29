import { join } from 'node:path';
import { endChildren } from './child.mjs';
import { failureText, SetupFailure } from './failure.mjs';
import { withLock } from './lock.mjs';
import { buildFolder } from './paths.mjs';
import { requirePrerequisites } from './prerequisites.mjs';
import { steps } from './steps.mjs';

/**
 * @typedef {object} StepContext
 * @property {(line: string) => void} say prints what is being done
 * @property {(text: string) => void} progress replaces the progress shown on a terminal; nothing elsewhere
 *
 * @typedef {object} Step
 * @property {string} title
 * @property {() => import('./prerequisites.mjs').Prerequisite[]} [needs] what the machine must have for it
 * now
 * @property {() => void} [forgetFailure] forgets that it could not be done, where it goes on without
 * @property {() => boolean} isDone cheap: it is asked at each start
 * @property {(context: StepContext) => Promise<void>} run may be interrupted at any moment and started again
 */

/**
 * Does the steps that are missing and returns whether there were any. Throws SetupFailure if one cannot be
 * done; finished steps stay finished. `asked`: a person has asked for it, so that what could not be done
 * before is tried again.
 * @param {{ asked?: boolean }} [options]
 */
export async function setUp({ asked = false } = {}) {
  if (process.platform === 'win32') {
    throw new SetupFailure('Windows itself is not supported.', {
      remedy:
        'Use the Windows Subsystem for Linux (https://learn.microsoft.com/windows/wsl) and run this there.',
    });
  }
  if (asked) for (const step of steps) step.forgetFailure?.();
  if (steps.every((step) => step.isDone())) return false;
  const started = performance.now();
  const stopListening = endOnSignals();
  try {
    await withLock(join(buildFolder, '.set-up.lock'), (line) => print(`set-up: ${line}`), doMissing);
  } finally {
    stopListening();
  }
  print(`set-up: ready after ${seconds(started)}`);
  return true;
}

/**
 * Runs `main`, whose result is the exit code. A failed set-up prints its reason and ends with 1.
 * @param {(prepare: typeof setUp) => Promise<number | undefined>} main
 */
export async function runAsProgram(main) {
  try {
    process.exitCode = await main(setUp);
  } catch (error) {
    process.stderr.write(failureText(error));
    process.exitCode = 1;
  }
}

async function doMissing() {
  const missing = steps.filter((step) => !step.isDone());
  if (missing.length === 0) return;
  requirePrerequisites(missing.flatMap((step) => step.needs?.() ?? []));
  print('set-up: doing what is missing');
  for (const step of steps) {
    if (step.isDone()) continue;
    const started = performance.now();
    print(`  ${step.title}`);
    await step.run({ say: (line) => print(`    ${line}`), progress: showProgress });
    if (!step.isDone()) {
      throw new SetupFailure(`${step.title}: the step ended without an error, yet its result is not there.`, {
        remedy: 'Remove node_modules and build, and run this again.',
      });
    }
    print(`    done in ${seconds(started)}`);
  }
}

/** Ctrl-C ends the programs that run for us too; whatever is half done has a temporary name. */
function endOnSignals() {
  /** @type {[NodeJS.Signals, number][]} */
  const signals = [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ];
  const listeners = signals.map(([signal, code]) => {
    const listener = () => {
      endChildren();
      print(`set-up: stopped by ${signal}; what is finished is kept, run this again to go on`);
      process.exit(code);
    };
    process.on(signal, listener);
    return () => process.off(signal, listener);
  });
  return () => {
    for (const stop of listeners) stop();
  };
}

/** @param {string} text */
function showProgress(text) {
  if (process.stderr.isTTY) process.stderr.write(`\x1b[2K    ${text}\r`);
}

/** @param {string} line */
function print(line) {
  process.stderr.write(`${process.stderr.isTTY ? '\x1b[2K' : ''}${line}\n`);
}

/** @param {number} started */
function seconds(started) {
  return `${((performance.now() - started) / 1000).toFixed(1)} s`;
}
