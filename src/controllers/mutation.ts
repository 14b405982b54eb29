import { compile } from '../expression/evaluate.ts';
import type { Random } from '../random.ts';
import type { Tokens } from '../search-space/search-space.ts';
import { type SearchSpace, tokensPerUnit, tokensToExpression } from '../search-space/search-space.ts';
import {
  activeUnits,
  branchAt,
  reachableUnits,
  reordered,
  slotsOf,
  tokensOf,
  type Unit,
  unitAt,
  unitsOf,
  withBranch,
} from './core-units.ts';
import { neutralUnits, points } from './neutral.ts';

/** A change of a token sequence into another of the same space. */
export interface Mutation {
  readonly summary: string;
  /** The mutant; undefined if this sequence has no room for such a change. */
  mutate(space: SearchSpace, tokens: Tokens, random: Random): number[] | undefined;
}

/**
 * All mutations. A sequence has a fixed number of core units; a unit is active if the last unit depends on
 * it. Mutations change what active units compute; units are inserted in the place of inactive ones.
 */
export const mutations = {
  token: { summary: 'one token of an active unit becomes another', mutate: changeToken },
  swap: {
    summary: 'the two branches of an active unit, inputs and unary functions, change places',
    mutate: swapBranches,
  },
  exchange: {
    summary: 'two branches of different active units, inputs and unary functions, change places',
    mutate: exchangeBranches,
  },
  insert: {
    summary: 'an inactive unit comes in between two units and changes nothing yet, where the space allows it',
    mutate: insertUnit,
  },
  remove: { summary: 'an active unit is bypassed', mutate: removeUnit },
  unwrap: {
    summary: 'a branch of an active unit loses its unary function, where the space has the unary x',
    mutate: unwrapBranch,
  },
} satisfies Record<string, Mutation>;

export type MutationName = keyof typeof mutations;

/**
 * One token of an active unit becomes any other that its position allows, all positions being equally likely.
 */
function changeToken(space: SearchSpace, tokens: Tokens, random: Random): number[] | undefined {
  const positions = activeUnits(space, tokens)
    .flatMap((unit) =>
      Array.from({ length: tokensPerUnit }, (_, token) => (unit - 1) * tokensPerUnit + token),
    )
    .filter((position) => (space.tokenCounts[position] as number) > 1);
  if (positions.length === 0) return undefined;
  const position = random.pick(positions);
  const drawn = random.index((space.tokenCounts[position] as number) - 1);
  return tokens.with(position, drawn < (tokens[position] as number) ? drawn : drawn + 1);
}

/**
 * The two branches of an active unit change places, where they differ. Under a commutative binary the
 * function stays as it was, and costs no training; under another it becomes what single tokens reach in two
 * or four steps.
 */
function swapBranches(space: SearchSpace, tokens: Tokens, random: Random): number[] | undefined {
  const units = unitsOf(space, tokens);
  const differing = reachableUnits(units).filter((number) => {
    const { inputs, unary } = unitAt(units, number);
    return inputs[0] !== inputs[1] || unary[0] !== unary[1];
  });
  if (differing.length === 0) return undefined;
  const chosen = random.pick(differing);
  const { inputs, unary, binary } = unitAt(units, chosen);
  const swapped: Unit = { inputs: [inputs[1], inputs[0]], unary: [unary[1], unary[0]], binary };
  return tokensOf(units.with(chosen - 1, swapped));
}

/**
 * Two branches of different active units change places, where they differ and the earlier unit may read the
 * later's.
 */
function exchangeBranches(space: SearchSpace, tokens: Tokens, random: Random): number[] | undefined {
  const units = unitsOf(space, tokens);
  const slots = slotsOf(reachableUnits(units));
  const pairs = slots.flatMap((early) =>
    slots
      .filter(({ number }) => number > early.number)
      .filter((late) => {
        const [first, second] = [branchAt(units, early), branchAt(units, late)];
        return second.input < early.number && (first.input !== second.input || first.unary !== second.unary);
      })
      .map((late) => ({ early, late })),
  );
  if (pairs.length === 0) return undefined;
  const { early, late } = random.pick(pairs);
  return tokensOf(withBranch(withBranch(units, early, branchAt(units, late)), late, branchAt(units, early)));
}

/**
 * Moves an inactive unit in between two units, or behind the last, with primitives of `neutralUnits`: at the
 * parameters' initial values the function stays what it was (nearly so in a space without neutral units).
 */
function insertUnit(space: SearchSpace, tokens: Tokens, random: Random): number[] | undefined {
  const units = unitsOf(space, tokens);
  const active = reachableUnits(units);
  const idle = units.map((_, index) => index + 1).filter((number) => !active.includes(number));
  if (idle.length === 0) return undefined;
  const moved = random.pick(idle);
  const [unary1, unary2, binary] = random.pick(neutralUnits(space));
  const others = units.map((_, index) => index + 1).filter((number) => number !== moved);
  const slots = slotsOf(active);
  const slot = random.pick([...slots, undefined]);
  const place = slot ? others.indexOf(slot.number) : others.length;
  const source = slot ? branchAt(units, slot).input : units.length;
  const inserted: Unit = { inputs: [source, source], unary: [unary1, unary2], binary };
  let changed: readonly Unit[] = units.with(moved - 1, inserted);
  if (slot) changed = withBranch(changed, slot, { ...branchAt(changed, slot), input: moved });
  return tokensOf(reordered(changed, [...others.slice(0, place), moved, ...others.slice(place)]));
}

/**
 * Bypasses an active unit: the units that read it read one of its inputs instead, and it becomes inactive. If
 * the unit was neutral, as an inserted one is, the function stays what it was; else that input is taken which
 * changes the function less. The last unit can only give way to a unit that it reads.
 */
function removeUnit(space: SearchSpace, tokens: Tokens, random: Random): number[] | undefined {
  const units = unitsOf(space, tokens);
  const last = units.length;
  const removable = reachableUnits(units).filter(
    (number) => number !== last || unitAt(units, last).inputs.some((input) => input > 0),
  );
  if (removable.length === 0) return undefined;
  const removed = random.pick(removable);
  const sources = [...new Set(unitAt(units, removed).inputs)];
  const bypassed = sources
    .filter((source) => removed !== last || source > 0)
    .map((source) => tokensOf(removed === last ? ended(units, source) : bypass(units, removed, source)));
  return nearestTo(space, tokens, bypassed);
}

/**
 * A branch of an active unit becomes its bare input, all branches that are not bare being equally likely: the
 * simpler neighbors of a function, which a change of one token seldom meets among so many others.
 */
function unwrapBranch(space: SearchSpace, tokens: Tokens, random: Random): number[] | undefined {
  const bare = space.unary.findIndex(({ expression }) => expression.kind === 'variable');
  if (bare < 0) return undefined;
  const units = unitsOf(space, tokens);
  const wrapped = slotsOf(reachableUnits(units)).filter((slot) => branchAt(units, slot).unary !== bare);
  if (wrapped.length === 0) return undefined;
  const slot = random.pick(wrapped);
  return tokensOf(withBranch(units, slot, { ...branchAt(units, slot), unary: bare }));
}

/** All that read unit `removed` read `source` instead. */
function bypass(units: readonly Unit[], removed: number, source: number): readonly Unit[] {
  const instead = (input: number): number => (input === removed ? source : input);
  return units.map((unit) => ({ ...unit, inputs: [instead(unit.inputs[0]), instead(unit.inputs[1])] }));
}

/** Unit `source` is the last, and so the candidate. */
function ended(units: readonly Unit[], source: number): readonly Unit[] {
  const others = units.map((_, index) => index + 1).filter((number) => number !== source);
  return reordered(units, [...others, source]);
}

/**
 * The sequence whose function differs least from that of `tokens`, by mean absolute difference on [-4, 4].
 */
function nearestTo(space: SearchSpace, tokens: Tokens, choices: readonly number[][]): number[] | undefined {
  if (choices.length < 2) return choices[0];
  const values = (sequence: Tokens): Float64Array => compile(tokensToExpression(space, sequence))(points);
  const wanted = values(tokens);
  const off = choices.map((choice) => {
    const sum = values(choice).reduce(
      (total, value, at) => total + Math.abs(value - (wanted[at] as number)),
      0,
    );
    return Number.isNaN(sum) ? Number.POSITIVE_INFINITY : sum;
  });
  return choices[off.indexOf(Math.min(...off))];
}
