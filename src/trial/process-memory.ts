import { readdirSync, readFileSync } from 'node:fs';
import { totalmem } from 'node:os';

/** Resident bytes of a process; 0 if the system does not tell. */
export function processMemory(pid: number): number {
  return kilobytes(`/proc/${pid}/status`, /^VmRSS:\s+(\d+) kB/m);
}

/**
 * Bytes that the processes of a group use, memory that they share counted once; 0 if the system does not
 * tell.
 */
export function groupMemory(group: number): number {
  let sum = 0;
  for (const pid of processes()) {
    if (groupOf(pid) === group) sum += kilobytes(`/proc/${pid}/smaps_rollup`, /^Pss:\s+(\d+) kB/m);
  }
  return sum;
}

/** The memory of the machine, or what this process may use of it. */
export function usableMemory(): number {
  // 0, or a number beyond any memory, if no limit is set.
  const constrained = process.constrainedMemory();
  return constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
}

function processes(): readonly number[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return [];
  }
}

/**
 * The fields of `stat` after the name, which stands in brackets and may hold anything: state, parent, group.
 */
function groupOf(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[2]);
  } catch {
    return undefined;
  }
}

function kilobytes(file: string, field: RegExp): number {
  try {
    return Number(field.exec(readFileSync(file, 'latin1'))?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}
