import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** A program to be measured: it prints its measured values as its last line, a JSON array of numbers. */
export interface Side {
  readonly name: string;
  readonly command: readonly [program: string, ...args: string[]];
  readonly env?: Readonly<Record<string, string>>;
}

export interface Measured {
  readonly name: string;
  /** All values of all rounds, in the unit that the side prints. */
  readonly values: readonly number[];
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

/**
 * Measures all sides in turn, `rounds` times over, each time in a new process pinned to one core, so
 * that a disturbance of the machine meets all sides alike.
 */
export function alternate(sides: readonly Side[], rounds: number, core = 0): Measured[] {
  const values = sides.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    sides.forEach((side, index) => {
      values[index]?.push(...runSide(side, core));
    });
  }
  return sides.map(({ name }, index) => summary(name, values[index] ?? []));
}

/** Minimum, median and maximum of some values. */
export function summary(name: string, values: readonly number[]): Measured {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const median =
    ((sorted[Math.ceil(middle) - 1] ?? Number.NaN) + (sorted[Math.floor(middle)] ?? Number.NaN)) / 2;
  return { name, values, min: sorted[0] ?? Number.NaN, median, max: sorted.at(-1) ?? Number.NaN };
}

/** The command pinned to one core where the system has taskset, else as it is. */
export function pinned(command: readonly string[], core = 0): [program: string, ...args: string[]] {
  const [program = '', ...args] = command;
  return hasTaskset() ? ['taskset', '-c', String(core), program, ...args] : [program, ...args];
}

function runSide(side: Side, core: number): number[] {
  const [program, ...args] = pinned(side.command, core);
  const { status, stdout, stderr } = spawnSync(program, args, {
    encoding: 'utf8',
    env: { ...process.env, ...side.env },
    maxBuffer: 1 << 26,
  });
  const last = stdout?.trim().split('\n').at(-1) ?? '';
  const values: unknown = status === 0 && last.startsWith('[') ? JSON.parse(last) : undefined;
  if (!Array.isArray(values))
    throw new Error(`${side.name} failed (exit code ${status}):\n${stdout}${stderr}`);
  return values.map(Number);
}

function hasTaskset(): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, 'taskset')));
}
