import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

export function isRunning(pid: number): boolean {
  try {
    // A zombie still takes signals, but has ended.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'latin1'));
  } catch {
    return false;
  }
}

/** Waits until all of the processes have ended; false if one of them has not within a minute. */
export async function ended(pids: readonly number[]): Promise<boolean> {
  const deadline = performance.now() + 60_000;
  while (pids.some(isRunning)) {
    if (performance.now() > deadline) return false;
    await sleep(50);
  }
  return true;
}

/** Process ids of the children of a process; none where the system does not say. */
export function childrenOf(pid: number): readonly number[] {
  try {
    const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1');
    return text.trim().split(/\s+/).filter(Boolean).map(Number);
  } catch {
    return [];
  }
}
