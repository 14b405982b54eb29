import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ReferenceOutput } from './proof-cases.ts';

interface StoredCase {
  readonly name: string;
  readonly kind: string;
  readonly title: string;
  readonly references: readonly {
    readonly parameters: Readonly<Record<string, number>>;
    readonly x: readonly number[];
    readonly outputs: readonly ReferenceOutput[];
  }[];
}

/** How many roundings an output may be off, as in proof.py. */
const limit = 40;
const epsilon = 2 ** -23;
const smallest = 2 ** -126;

/** What the checks of the targets that run here share: as proof.py, for float32. */
export class ProofReport {
  readonly cases: readonly StoredCase[];
  readonly #folder: string;
  readonly #target: string;
  /** Why a target may fail at a point. */
  readonly #known: readonly {
    readonly reason: string;
    readonly excuses: (one: StoredCase, x: number) => boolean;
  }[];
  readonly #errors: Record<string, string> = {};
  readonly #failures: { readonly case: string; readonly title: string; readonly message: string }[] = [];
  readonly #leftOut: Record<string, string[]> = {};

  constructor(folder: string, target: string, known: ProofReport['known'] = []) {
    this.#folder = folder;
    this.#target = target;
    this.#known = known;
    const text = readFileSync(join(folder, 'float32.json'), 'utf8');
    this.cases = (JSON.parse(text, asNumber) as { cases: StoredCase[] }).cases;
  }

  get known() {
    return this.#known;
  }

  compare(
    one: StoredCase,
    x: readonly number[],
    { of, exact, scale }: ReferenceOutput,
    given: ArrayLike<number>,
  ): void {
    let worst = 0;
    exact.forEach((value, index) => {
      const at = x[index] as number;
      const found = given[index] as number;
      const unit = scale[index] as number;
      if (Number.isNaN(unit) || value === found || (Number.isNaN(value) && Number.isNaN(found))) return;
      // The sign of zero carries no meaning, nor does that of 1/0.
      if (at === 0 && Math.abs(value) === Number.POSITIVE_INFINITY && Math.abs(found) === Math.abs(value))
        return;
      const isBoth = Number.isFinite(value) && Number.isFinite(found);
      const error = isBoth ? Math.abs(found - value) / (epsilon * unit) : Number.POSITIVE_INFINITY;
      if (error > limit && this.#isExcused(one, at)) return;
      worst = Math.max(worst, error);
      if (error > limit) this.fail(one, `${of} is ${found}, not ${value}, at x = ${at} (${error})`);
    });
    const key = `${one.name} float32`;
    this.#errors[key] = String(Math.max(worst, Number(this.#errors[key] ?? 0)));
  }

  fail({ name, title }: StoredCase, message: string): void {
    this.#failures.push({ case: name, title, message });
  }

  /** Writes the report; whether nothing failed. */
  finish(): boolean {
    const report = {
      target: this.#target,
      errors: this.#errors,
      failures: this.#failures,
      leftOut: this.#leftOut,
    };
    writeFileSync(join(this.#folder, `${this.#target}.report.json`), JSON.stringify(report, null, 1));
    const count = Object.keys(this.#errors).length;
    process.stderr.write(
      `${this.#target}: ${count} checks of a function, ${this.#failures.length} failures\n`,
    );
    for (const { case: name, title, message } of this.#failures.slice(0, 20)) {
      process.stderr.write(`  ${name} ${title}: ${message}\n`);
    }
    return this.#failures.length === 0;
  }

  #isExcused(one: StoredCase, x: number): boolean {
    const known = this.#known.find(({ excuses }) => excuses(one, x));
    if (!known) return false;
    const titles = this.#leftOut[known.reason] ?? [];
    if (!titles.includes(one.title)) this.#leftOut[known.reason] = [...titles, one.title];
    return true;
  }
}

export function isSubnormal(_one: unknown, x: number): boolean {
  return x !== 0 && Math.abs(x) < smallest;
}

/** Numbers that JSON cannot hold are texts there. */
function asNumber(key: string, value: unknown): unknown {
  return typeof value === 'string' && key !== 'title' && /^(NaN|-?Infinity)$/.test(value)
    ? Number(value)
    : value;
}
