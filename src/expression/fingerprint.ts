import { createHash } from 'node:crypto';
import { agree, rounding } from './agreement.ts';
import type { Expression } from './expression.ts';
import { print } from './notation.ts';
import {
  pointCount,
  type Signature,
  sampleAt,
  signatureOf,
  signatureValues,
  valuesAtOne,
} from './signature.ts';
import { canonical, simplify } from './simplify.ts';

/**
 * 16 hexadecimal digits that name a function, for display and the database. It is the hash of the canonical form's
 * text, which no rounding can change from machine to machine. Functions of one name are equal; equal functions nearly
 * always have one name, but it is FunctionIndex and sameFunction that decide.
 */
export function fingerprint(expression: Expression): string {
  return createHash('sha256')
    .update(print(canonical(expression)))
    .digest('hex')
    .slice(0, 16);
}

/**
 * Functions seen so far, each with a number. Two expressions are one function if their values agree within rounding at
 * 256 points of x, at four generic settings of the parameters and at the initial values: x + x meets 2*x,
 * max(x, 0) meets (x + |x|)/2, beta*x + gamma meets gamma*x + beta; beta*x and x stay apart, and so do beta*x and
 * beta[0.5]*x, which train from different starts. The index keeps expressions only, no values.
 */
export class FunctionIndex {
  readonly #cells = new Map<number, { readonly signature: Signature; readonly id: number }[]>();
  #size = 0;

  /** How many functions were added. */
  get size(): number {
    return this.#size;
  }

  /** The number of the first function added that equals this one. */
  find(expression: Expression): number | undefined {
    const signature = signatureOf(simplify(expression));
    let first: number | undefined;
    for (const cell of cellsNear(signature)) {
      for (const other of this.#cells.get(cell) ?? []) {
        if (same(signature, other.signature, true)) {
          first = Math.min(first ?? other.id, other.id);
          break;
        }
      }
    }
    return first;
  }

  add(expression: Expression, id: number): void {
    const signature = signatureOf(simplify(expression));
    const cell = cellOf(signature.averages[0] / cellWidth, signature.averages[1] / cellWidth);
    const entry = { signature, id };
    const entries = this.#cells.get(cell);
    if (entries) entries.push(entry);
    else this.#cells.set(cell, [entry]);
    this.#size++;
  }
}

/** Whether two expressions are one function for all values of their parameters, whatever these start from. */
export function sameFunction(a: Expression, b: Expression): boolean {
  return same(signatureOf(simplify(a)), signatureOf(simplify(b)), false);
}

/** Whether two expressions are one function once every parameter is 1. */
export function sameAtInitialOne(a: Expression, b: Expression): boolean {
  const [first, second] = [simplify(a), simplify(b)];
  const values = Float64Array.from(valuesAtOne(first));
  const others = valuesAtOne(second);
  const disagreeing = disagreement(values, others, 0);
  return settle(disagreeing, values, others, (index) => {
    const sample = { ...sampleAt(index), parameter: () => 1 };
    return rounding(first, sample) + rounding(second, sample);
  });
}

/** Averages of one function agree far better than this, those of different ones hardly ever so well. */
const cellWidth = 2 ** -20;
/** How far rounding may move an average, in cells. */
const margin = 0.01;
const cellsPerSide = 2 ** 24;

function cellOf(first: number, second: number): number {
  return Math.floor(first) * cellsPerSide + Math.floor(second);
}

/** The cell of a signature and those across a border that it lies close to: one, seldom two, at most four. */
function cellsNear({ averages }: Signature): Set<number> {
  const cells = new Set<number>();
  for (const shift1 of [-margin, margin]) {
    for (const shift2 of [-margin, margin]) {
      cells.add(cellOf(averages[0] / cellWidth + shift1, averages[1] / cellWidth + shift2));
    }
  }
  return cells;
}

function same(a: Signature, b: Signature, withInitials: boolean): boolean {
  if (a.expression === b.expression) return true;
  for (const which of [0, 1] as const) {
    if (Math.abs(a.averages[which] - b.averages[which]) > cellWidth) return false;
  }
  if (withInitials && !sameNumbers(a.initials, b.initials)) return false;
  const values = Float64Array.from(signatureValues(a.expression, a.varies));
  const others = signatureValues(b.expression, b.varies);
  const disagreeing = disagreement(values, others, withInitials ? 0 : pointCount);
  return settle(disagreeing, values, others, (index) => {
    const sample = sampleAt(index);
    return rounding(a.expression, sample) + rounding(b.expression, sample);
  });
}

/** Initial values count with their parameters; a function without parameters equals one whose parameters cancel. */
function sameNumbers(a: readonly number[], b: readonly number[]): boolean {
  return a.length !== b.length || a.every((value, index) => value === b[index]);
}

/**
 * Where values differ by more than the tolerance, from an index on. An array of one setting stands for all settings.
 */
function disagreement(values: Float64Array, others: Float64Array, from: number): number[] {
  const found: number[] = [];
  const length = Math.max(values.length, others.length);
  for (let index = length > pointCount ? from : 0; index < length; index++) {
    if (!agree(values[index % values.length] as number, others[index % others.length] as number))
      found.push(index);
  }
  return found;
}

/** Whether all disagreement may be rounding. Where more than an eighth disagree, the functions do. */
function settle(
  disagreeing: readonly number[],
  values: Float64Array,
  others: Float64Array,
  roundingAt: (index: number) => number,
): boolean {
  if (disagreeing.length > Math.max(values.length, others.length) / 8) return false;
  return disagreeing.every((index) => {
    const a = values[index % values.length] as number;
    const b = others[index % others.length] as number;
    return Math.abs(a - b) <= roundingAt(index);
  });
}
