import { hash } from 'node:crypto';
import { agree, isFiniteThroughout, rounding, type Sample } from './agreement.ts';
import type { Expression } from './expression.ts';
import { print } from './notation.ts';
import { farPoints, nearPoints, type PointSet } from './point-set.ts';
import { type Signature, signatureOf } from './signature.ts';
import { canonical, simplify } from './simplify.ts';

/**
 * 16 hexadecimal digits that name a function, for display and the database. It is the hash of the canonical
 * form's text, which no rounding can change from machine to machine. Functions of one name are equal; equal
 * functions nearly always have one name, but it is FunctionIndex and sameFunction that decide.
 */
export function fingerprint(expression: Expression): string {
  return hash('sha256', print(canonical(expression))).slice(0, 16);
}

/**
 * Functions seen so far, each with a number. Two expressions are one function if their values agree within
 * rounding at 256 points of x, at four generic settings of the parameters and at the initial values: x + x
 * meets 2*x, max(x, 0) meets (x + |x|)/2, beta*x + gamma meets gamma*x + beta; beta*x and x stay apart, and
 * so do beta*x and beta[0.5]*x, which train from different starts. The index keeps expressions only, no
 * values.
 */
export class FunctionIndex {
  readonly #cells = new Map<number, { readonly signature: Signature; readonly id: number }[]>();
  readonly #withInitials: boolean;
  #size = 0;

  /** With `starts: 'ignored'` functions are equal whatever their parameters start from. */
  constructor({ starts = 'compared' }: { readonly starts?: 'compared' | 'ignored' } = {}) {
    this.#withInitials = starts === 'compared';
  }

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
        if (same(signature, other.signature, this.#withInitials)) {
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
  const pair = [simplify(a), simplify(b)] as const;
  return agreeAt(pair, 0, {
    values: (points, expression) => points.valuesAtOne(expression),
    sampleAt: (points, index) => ({ ...points.sampleAt(index), parameter: () => 1 }),
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
  return agreeAt([a.expression, b.expression], withInitials ? 0 : 1, {
    values: (points, expression) => points.values(expression, (expression === a.expression ? a : b).varies),
    sampleAt: (points, index) => points.sampleAt(index),
  });
}

/**
 * Initial values count with their parameters; a function without parameters equals one whose parameters
 * cancel.
 */
function sameNumbers(a: readonly number[], b: readonly number[]): boolean {
  return a.length !== b.length || a.every((value, index) => value === b[index]);
}

type Pair<T> = readonly [T, T];

/** How expressions are looked at: all values at some points, and a single one more closely. */
interface View {
  values(points: PointSet, expression: Expression): Float64Array;
  sampleAt(points: PointSet, index: number): Sample;
}

/** Whether all disagreement from a setting on may be rounding, near and far. */
function agreeAt(pair: Pair<Expression>, fromSetting: number, view: View): boolean {
  const near = disagreement(pair, nearPoints, fromSetting, view);
  // Where more than an eighth disagree, it is not rounding.
  if (near.places.length > near.length / 8) return false;
  if (!near.places.every((place) => mayBeRounding(pair, place))) return false;
  const far = disagreement(pair, farPoints, fromSetting, view);
  return far.places.every(
    (place) => place.by < leastFar || !isTrusted(pair, place) || mayBeRounding(pair, place),
  );
}

/** A difference far out below what float32 can hold beside anything. */
const leastFar = 1e-30;

/** Far out a naive form overflows and its stable equal does not: then even a finite value may be wrong. */
function isTrusted(pair: Pair<Expression>, { sample }: Place): boolean {
  return pair.every((expression) => isFiniteThroughout(expression, sample));
}

function mayBeRounding([a, b]: Pair<Expression>, { by, sample }: Place): boolean {
  return by <= rounding(a, sample) + rounding(b, sample);
}

/** Where two values differ by more than the tolerance. */
interface Place {
  readonly by: number;
  readonly sample: Sample;
}

function disagreement(
  [first, second]: Pair<Expression>,
  points: PointSet,
  fromSetting: number,
  { values, sampleAt }: View,
): { readonly places: readonly Place[]; readonly length: number } {
  const a = values(points, first);
  const b = values(points, second);
  // Values of one setting stand for all settings.
  const length = Math.max(a.length, b.length);
  const places: Place[] = [];
  for (let index = length > points.count ? fromSetting * points.count : 0; index < length; index++) {
    const u = a[a.length === length ? index : index % a.length] as number;
    const v = b[b.length === length ? index : index % b.length] as number;
    if (!agree(u, v)) places.push({ by: Math.abs(u - v), sample: sampleAt(points, index) });
  }
  return { places, length };
}
