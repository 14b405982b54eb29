import type { SearchSpace, Tokens } from '../search-space/search-space.ts';
import { unitTokens } from '../search-space/search-space.ts';

/** A core unit as numbers: input k is the output of unit k, from 1; 0 is x. */
export interface Unit {
  readonly inputs: readonly [number, number];
  readonly unary: readonly [number, number];
  readonly binary: number;
}

const sides = [0, 1] as const;
type Side = (typeof sides)[number];

/** One of the two places of a unit that a branch fills. */
export interface BranchSlot {
  readonly number: number;
  readonly side: Side;
}

/** An input and the unary function applied to it. */
export interface Branch {
  readonly input: number;
  readonly unary: number;
}

/**
 * The numbers of the units that the last one reaches over its inputs, itself included, in ascending order.
 */
export function activeUnits(space: SearchSpace, tokens: Tokens): number[] {
  return reachableUnits(unitsOf(space, tokens));
}

/** The core units of a token sequence. */
export function unitsOf(space: SearchSpace, tokens: Tokens): readonly Unit[] {
  return unitTokens(space, tokens).map(([input1, input2, unary1, unary2, binary]) => ({
    inputs: [input1, input2],
    unary: [unary1, unary2],
    binary,
  }));
}

/** The token sequence of core units. */
export function tokensOf(units: readonly Unit[]): number[] {
  return units.flatMap(({ inputs, unary, binary }) => [...inputs, ...unary, binary]);
}

/** The numbers of the units that the last one reaches, itself included, in ascending order. */
export function reachableUnits(units: readonly Unit[]): number[] {
  const reached = new Set<number>([units.length]);
  for (let number = units.length; number > 0; number--) {
    if (!reached.has(number)) continue;
    for (const input of unitAt(units, number).inputs) if (input > 0) reached.add(input);
  }
  return [...reached].sort((a, b) => a - b);
}

/**
 * The units in the given order, every input following its unit. An inactive unit that would read a later one
 * reads x: no other unit depends on it.
 */
export function reordered(units: readonly Unit[], order: readonly number[]): readonly Unit[] {
  const numberOf = new Map(order.map((old, index) => [old, index + 1]));
  return order.map((old, index) => {
    const unit = unitAt(units, old);
    const moved = (input: number): number => {
      const number = numberOf.get(input) ?? 0;
      return number <= index ? number : 0;
    };
    return { ...unit, inputs: [moved(unit.inputs[0]), moved(unit.inputs[1])] };
  });
}

/** Both slots of each of the units with these numbers. */
export function slotsOf(numbers: readonly number[]): readonly BranchSlot[] {
  return numbers.flatMap((number) => sides.map((side) => ({ number, side })));
}

/** The unit of a number, from 1. */
export function unitAt(units: readonly Unit[], number: number): Unit {
  return units[number - 1] as Unit;
}

/** What a slot has now. */
export function branchAt(units: readonly Unit[], { number, side }: BranchSlot): Branch {
  const { inputs, unary } = unitAt(units, number);
  return { input: inputs[side], unary: unary[side] };
}

/** The units with another branch in a slot. */
export function withBranch(
  units: readonly Unit[],
  { number, side }: BranchSlot,
  branch: Branch,
): readonly Unit[] {
  const { inputs, unary, binary } = unitAt(units, number);
  const other = 1 - side;
  const both = (mine: number, theirs: number): [number, number] =>
    other === 1 ? [mine, theirs] : [theirs, mine];
  return units.with(number - 1, {
    inputs: both(branch.input, inputs[other] as number),
    unary: both(branch.unary, unary[other] as number),
    binary,
  });
}
