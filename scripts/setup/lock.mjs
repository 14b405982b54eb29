import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { endGroup, onChildChange } from './child.mjs';
import { writeJson } from './files.mjs';
import { processStart } from './process-identity.mjs';

/** A holder on another machine that has not touched its lock for this long is taken for dead. */
const silentSeconds = 60;

/**
 * Does `work` while no other process does work under the same lock file. Waits for a living holder
 * and says so; takes over from a dead one, after ending the programs that it left behind.
 * @template T
 * @param {string} file
 * @param {(line: string) => void} say
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(file, say, work) {
  mkdirSync(dirname(file), { recursive: true });
  const holder = { pid: process.pid, started: processStart(process.pid), host: hostname() };
  let told = false;
  while (!tryTake(file, holder)) {
    const content = readText(file);
    const other = parse(content);
    if (isDead(file, other)) takeAway(file, content);
    else {
      if (!told) say(`waiting for another set-up (process ${other?.pid ?? 'unknown'}) to finish`);
      told = true;
      await sleep(200);
    }
  }
  /** @type {import('./child.mjs').RunningChild} */
  let running;
  const write = () => {
    try {
      writeJson(file, { ...holder, child: running });
    } catch {
      // A full disk: the work itself says so. The next beat tries again.
    }
  };
  // Written and not only touched: somebody may have removed the folder meanwhile.
  const beat = setInterval(write, 10_000).unref();
  const release = () => rmSync(file, { force: true });
  process.once('exit', release);
  const forget = onChildChange((child) => {
    running = child;
    write();
  });
  try {
    return await work();
  } finally {
    forget();
    clearInterval(beat);
    process.off('exit', release);
    release();
  }
}

/**
 * @param {string} file
 * @param {unknown} holder
 */
function tryTake(file, holder) {
  try {
    writeFileSync(file, JSON.stringify(holder), { flag: 'wx' });
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'EEXIST') return false;
    throw error;
  }
}

/**
 * @param {string} file
 * @param {any} holder
 */
function isDead(file, holder) {
  const status = statSync(file, { throwIfNoEntry: false });
  if (!status) return false;
  const silent = (Date.now() - status.mtimeMs) / 1000;
  // A holder that was killed between creating and writing its lock leaves an empty file.
  if (holder === undefined) return silent > 2;
  if (holder.host !== hostname()) return silent > silentSeconds;
  return processStart(holder.pid) !== holder.started;
}

/**
 * Removes a dead holder's lock and ends the programs it left behind. The guard makes certain that a
 * lock which somebody else has taken over in the meantime stays.
 * @param {string} file
 * @param {string | undefined} content what the dead holder has written
 */
function takeAway(file, content) {
  const guard = `${file}.takeover`;
  try {
    mkdirSync(guard);
  } catch {
    const created = statSync(guard, { throwIfNoEntry: false })?.mtimeMs;
    if (created !== undefined && Date.now() - created > 10_000)
      rmSync(guard, { recursive: true, force: true });
    return;
  }
  try {
    if (content === undefined || readText(file) !== content) return;
    const holder = parse(content);
    const left = holder?.host === hostname() ? holder.child : undefined;
    if (left !== undefined && processStart(left.pid) === left.started) endGroup(left.pid, 'SIGKILL');
    rmSync(file, { force: true });
  } finally {
    rmSync(guard, { recursive: true, force: true });
  }
}

/** @param {string} file */
function readText(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

/**
 * @param {string | undefined} content
 * @returns {any}
 */
function parse(content) {
  try {
    return content === undefined ? undefined : JSON.parse(content);
  } catch {
    return undefined;
  }
}
