import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { ActivationSearchError } from '../errors.ts';
import { commandText } from '../terminal/command-text.ts';
import type { Holder } from './records.ts';

/** Seconds without a heartbeat after which a holder on another host counts as dead. */
export const staleAfter = 60;

/** This process, as a holder; the start time is read once. */
export function thisProcess(): Pick<Holder, 'pid' | 'host' | 'started'> {
  own ??= { pid: process.pid, host: hostname(), started: startOf(process.pid) ?? 'unknown' };
  return own;
}

let own: Pick<Holder, 'pid' | 'host' | 'started'> | undefined;

/**
 * Does the holder still live? On this host: a process of that number that started at that time. On
 * another: a heartbeat within the last minute.
 */
export function isAlive(holder: Holder, now: number = Date.now()): boolean {
  if (holder.host !== hostname()) return now - Date.parse(holder.heartbeatAt) < staleAfter * 1000;
  return startOf(holder.pid) === holder.started;
}

/** The refusal to write a study that another process holds, or that this one has lost. */
export function heldBy(study: string, holder: Holder | null, file: string): ActivationSearchError {
  if (!holder) {
    return new ActivationSearchError('study', `study "${study}" is no longer held by this process.`, {
      hint: `Another process took it over and released it. Go on with: ${commandText(['resume', study], file)}`,
    });
  }
  const here = holder.host === hostname();
  const who = here ? `process ${holder.pid}` : `process ${holder.pid} on ${holder.host}`;
  return new ActivationSearchError('study', `study "${study}" is being run by ${who}.`, {
    hint: here
      ? `Wait for it, or stop it (kill ${holder.pid}); another study can run beside it: --study NAME`
      : `Last heard of at ${holder.heartbeatAt}; it counts as dead ${staleAfter} s after its last sign of life.`,
  });
}

/**
 * When a process started, as text that no other process of this host has together with the same number;
 * undefined where there is none. Linux: the boot's id and clock ticks since boot (proc(5), field 22 of stat);
 * elsewhere `ps`.
 */
export function startOf(pid: number, platform: NodeJS.Platform = process.platform): string | undefined {
  if (platform === 'linux') {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      // The second field is the program's name in brackets and may hold blanks and brackets itself.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      const [state, ticks] = [fields[0], fields[19]];
      if (state === 'Z' || state === 'X' || ticks === undefined) return undefined;
      return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').slice(0, 8)}:${ticks}`;
    } catch {
      return undefined;
    }
  }
  try {
    const text = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], {
      encoding: 'utf8',
      env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return text.trim() || undefined;
  } catch {
    return undefined;
  }
}
