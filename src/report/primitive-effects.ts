import { mean, variance } from '../ranking/comparisons.ts';
import { studentQuantile } from '../ranking/distributions.ts';
import { coreUnits, type SearchSpace } from '../search-space/search-space.ts';
import type { Candidate } from '../study/candidate.ts';
import { isFailure } from '../study/statuses.ts';

/** The places of a core unit that primitives stand in. */
export const slots = ['first unary', 'second unary', 'binary'] as const;
export type Slot = (typeof slots)[number];

/** What a primitive does in a place, over all core units. */
export interface PrimitiveEffect {
  readonly slot: Slot;
  readonly primitive: string;
  /** Mean score with it there minus the mean of all scores; null where no function has a score. */
  readonly effect: number | null;
  /** Ends of Student's 95% interval; null below two scores. */
  readonly low: number | null;
  readonly high: number | null;
  /** Functions with it there that have a score, and that failed in training. */
  readonly scored: number;
  readonly failed: number;
}

/** The effect of each primitive in each place on proposals, best first; those never scored come last. */
export function primitiveEffects(
  space: SearchSpace,
  proposed: readonly Candidate[],
): readonly PrimitiveEffect[] {
  const trained = proposed.filter(({ status }) => status === 'complete' || isFailure(status));
  const scores = trained.flatMap(({ score }) => score ?? []);
  const center = scores.length > 0 ? mean(scores) : 0;
  const groups = {
    'first unary': new Map<string, Candidate[]>(),
    'second unary': new Map<string, Candidate[]>(),
    binary: new Map<string, Candidate[]>(),
  } as const satisfies Record<Slot, unknown>;
  for (const candidate of trained) {
    for (const { unary1, unary2, binary } of coreUnits(space, candidate.tokens ?? [])) {
      addOnce(groups['first unary'], unary1.name, candidate);
      addOnce(groups['second unary'], unary2.name, candidate);
      addOnce(groups.binary, binary.name, candidate);
    }
  }
  return slots.flatMap((slot) =>
    (slot === 'binary' ? space.binary : space.unary)
      .map(({ name }) => effectOf(slot, name, groups[slot].get(name) ?? [], center))
      .toSorted((a, b) => (b.effect ?? Number.NEGATIVE_INFINITY) - (a.effect ?? Number.NEGATIVE_INFINITY)),
  );
}

/** Adds a candidate to a primitive's, once however many of its units have the primitive there. */
function addOnce(group: Map<string, Candidate[]>, primitive: string, candidate: Candidate): void {
  const own = group.get(primitive);
  if (!own) group.set(primitive, [candidate]);
  else if (own.at(-1) !== candidate) own.push(candidate);
}

function effectOf(slot: Slot, primitive: string, own: readonly Candidate[], center: number): PrimitiveEffect {
  const scores = own.flatMap(({ score }) => score ?? []);
  const failed = own.length - scores.length;
  const common = { slot, primitive, scored: scores.length, failed };
  if (scores.length === 0) return { ...common, effect: null, low: null, high: null };
  const effect = mean(scores) - center;
  if (scores.length === 1) return { ...common, effect, low: null, high: null };
  const radius = studentQuantile(0.025, scores.length - 1) * Math.sqrt(variance(scores) / scores.length);
  return { ...common, effect, low: effect - radius, high: effect + radius };
}
