import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { cli, startCli } from '../support/cli.ts';
import { childrenOf } from '../support/processes.ts';

export type Event = Readonly<Record<string, unknown>> & { readonly event: string };

/** Flags of a study that trains in seconds without data: the small space on the tiny child. */
export function tinyStudy(folder: string, name: string, ...more: string[]): string[] {
  const flags = [
    '--space',
    'small',
    '--child',
    'tiny-synthetic',
    '--study',
    name,
    '--db',
    join(folder, 'test.db'),
  ];
  return ['search', ...flags, ...more];
}

/** A study's leaderboard without ids, which depend on what else the database holds. */
export async function leaderboardOf(folder: string, name: string): Promise<string> {
  const { code, stdout, stderr } = await cli([
    ...['leaderboard', '--study', name, '--json', '--db', join(folder, 'test.db')],
  ]);
  if (code !== 0) throw new Error(stderr);
  const rows = JSON.parse(stdout) as Record<string, unknown>[];
  return JSON.stringify(
    rows.map(({ id: _, study: __, ...row }) => row),
    null,
    1,
  );
}

export interface Watched {
  readonly events: Event[];
  readonly process: ReturnType<typeof startCli>;
  /** Resolves with the exit code, or null after a signal. */
  readonly ended: Promise<number | null>;
  readonly errors: () => string;
}

/** Starts a command with --json and follows its events. */
export function watch(args: readonly string[], onEvent: (event: Event) => void = () => undefined): Watched {
  const process = startCli([...args, '--json']);
  const events: Event[] = [];
  let errors = '';
  process.stdin?.end();
  process.stderr?.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  if (process.stdout) {
    createInterface({ input: process.stdout }).on('line', (line) => {
      const event = JSON.parse(line) as Event;
      events.push(event);
      onEvent(event);
    });
  }
  const ended = new Promise<number | null>((resolve) => process.on('close', (code) => resolve(code)));
  return { events, process, ended, errors: () => errors };
}

/** Waits until a condition holds, at most five minutes. */
export async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; !condition(); tries++) {
    if (tries > 15_000) throw new Error('it did not happen within five minutes');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

export function isAlive(pid: number): boolean {
  return existsSync(`/proc/${pid}`);
}

/** Process ids of the workers of a process, once there are two; none where the system does not say. */
export async function workersOf(pid: number): Promise<readonly number[]> {
  if (!isAlive(pid)) return [];
  await until(() => childrenOf(pid).length >= 2);
  return childrenOf(pid);
}
