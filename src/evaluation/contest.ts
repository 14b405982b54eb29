import {
  against,
  type Competitor,
  type Judged,
  type JudgeOptions,
  judgeAll,
  undecidedAmong,
  usualJudge,
} from '../ranking/verdicts.ts';

/** What is known of one function against another. */
export interface JudgedPair extends Omit<Judged, 'id' | 'advantage' | 'group' | 'recommended'> {
  readonly one: number;
  readonly other: number;
  /** The mean advantage of the first, with an interval that holds for all pairs at once. */
  readonly difference: Judged['advantage'];
}

/** Every function against every other, in their order. */
export function judgedPairs(
  competitors: readonly Competitor[],
  options: JudgeOptions = usualJudge,
): readonly JudgedPair[] {
  const pairs = competitors.flatMap((one, index) =>
    competitors.slice(index + 1).map((other) => [one, other] as const),
  );
  const share = { ...options, level: options.level / Math.max(1, pairs.length) };
  return pairs.map(([one, other]) => {
    const { id: _, advantage: difference, ...judged } = against(one, other, share);
    return { one: one.id, other: other.id, difference, ...judged };
  });
}

/** Decides which functions another block may still tell something about. */
export type Contest = (competitors: readonly Competitor[]) => ReadonlySet<number>;

/** Each against each: both sides of the pairs that are undecided. */
export const eachAgainstEach: Contest = (competitors) =>
  new Set(
    judgedPairs(competitors)
      .filter(({ verdict }) => verdict === 'undecided')
      .flatMap(({ one, other }) => [one, other]),
  );

/**
 * All against the first, which is the reference, and the leaders against each other: those without a verdict,
 * and the members of the leading group that are not known to be equal.
 */
export const againstTheFirst: Contest = (competitors) => {
  const [reference] = competitors;
  if (!reference) return new Set();
  const open = undecidedAmong(competitors, reference);
  const needsReference = judgeAll(competitors, reference).some(({ verdict }) => verdict === 'undecided');
  return needsReference ? new Set([...open, reference.id]) : open;
};
