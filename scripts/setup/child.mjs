import { spawn } from 'node:child_process';
import { processStart } from './process-identity.mjs';

/**
 * @typedef {object} ChildResult
 * @property {number | null} code the exit code; null where a signal ended it or it could not start
 * @property {string} output both streams together, the last 200,000 characters
 */

/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();

/**
 * @typedef {{ pid: number, started: string | undefined } | undefined} RunningChild
 * @type {Set<(child: RunningChild) => void>}
 */
const watchers = new Set();

/**
 * Calls `watch` when a program starts, and with undefined when it has ended. A lock writes this down: the
 * process that takes over the lock of a killed one ends its programs first.
 * @param {(child: RunningChild) => void} watch
 * @returns {() => void} ends the watching
 */
export function onChildChange(watch) {
  watchers.add(watch);
  return () => watchers.delete(watch);
}

/**
 * Runs a program in its own process group and returns its exit code and what it printed; never rejects.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} [options]
 * @returns {Promise<ChildResult>}
 */
export function run(program, args, { cwd, env } = {}) {
  return new Promise((resolve) => {
    let output = '';
    const child = spawn(program, [...args], {
      cwd,
      env: env ?? process.env,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    running.add(child);
    if (child.pid !== undefined) tell({ pid: child.pid, started: processStart(child.pid) });
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        output = (output + text).slice(-200_000);
      });
    }
    /** @param {ChildResult} result */
    const end = (result) => {
      running.delete(child);
      tell(undefined);
      resolve(result);
    };
    child.on('error', (error) => end({ code: null, output: `${program}: ${error.message}` }));
    child.on('close', (code, signal) =>
      end({ code, output: signal ? `${output}\nended by ${signal}` : output }),
    );
  });
}

/** @param {RunningChild} child */
function tell(child) {
  for (const watch of watchers) watch(child);
}

/** Ends all programs that `run` has started, with their children. */
export function endChildren() {
  for (const { pid } of running) if (pid !== undefined) endGroup(pid, 'SIGTERM');
}

/**
 * @param {number} leader
 * @param {NodeJS.Signals} signal
 */
export function endGroup(leader, signal) {
  try {
    process.kill(-leader, signal);
  } catch {
    // The group has ended by itself.
  }
}

/**
 * The last lines of a program's output, for a message.
 * @param {string} output
 */
export function lastLines(output, count = 25) {
  return output.trimEnd().split('\n').slice(-count).join('\n');
}
