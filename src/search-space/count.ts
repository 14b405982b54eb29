import { FunctionIndex } from '../expression/fingerprint.ts';
import { refuse } from '../expression/refusal.ts';
import { simplify } from '../expression/simplify.ts';
import { tokensToExpression } from './compose.ts';
import { type Estimate, estimateClasses, estimateShare } from './estimate.ts';
import { type SampledCandidate, sampleCandidates } from './sample.ts';
import type { SearchSpace } from './space.ts';
import { enumerateTokens } from './tokens.ts';

/** Spaces of at most so many strings are counted whole unless a sample is asked for. */
export const mostCounted = 100_000;

export const usualSample = 5_000;

export interface SpaceCount {
  /** Token sequences, exactly. */
  readonly strings: bigint;
  /** Strings that are refused before any training, by the code of the reason. */
  readonly refusedByReason: Readonly<Record<string, Estimate>>;
  readonly refused: Estimate;
  /** Different functions among the strings that are not refused; of a sample, at least so many. */
  readonly distinct: Estimate;
  /** Strings drawn, where the figures are estimates; undefined where every string was looked at. */
  readonly sampled: number | undefined;
}

type Judged = Pick<SampledCandidate, 'expression' | 'refusal'>;

export interface CountOptions {
  /** Draw so many strings instead of looking at all; more than there are means all. */
  readonly sample?: number;
  readonly seed?: number;
  /** Called now and then with the share that is done, 0 to 1. */
  readonly onProgress?: (share: number) => void;
}

/**
 * How many strings a space has, how many of them are refused and why, and how many different functions the rest are:
 * exactly for small spaces, from a random sample for large ones. Judged as the search judges them.
 */
export function countSpace(space: SearchSpace, options: CountOptions = {}): SpaceCount {
  const sample = options.sample ?? (space.size > mostCounted ? usualSample : undefined);
  const sampled = sample === undefined || BigInt(sample) >= space.size ? undefined : sample;
  const total = sampled ?? Number(space.size);
  const reasons = new Map<string, number>();
  const index = new FunctionIndex();
  const occurrences: number[] = [];
  let done = 0;
  const candidates: Iterable<Judged> =
    sampled === undefined ? all(space) : sampleCandidates(space, sampled, options.seed ?? 0);
  for (const { expression, refusal } of candidates) {
    if (refusal) reasons.set(refusal.code, (reasons.get(refusal.code) ?? 0) + 1);
    else {
      const known = index.find(expression);
      if (known === undefined) index.add(expression, occurrences.push(1) - 1);
      else occurrences[known] = (occurrences[known] as number) + 1;
    }
    if (++done % 500 === 0) options.onProgress?.(done / total);
  }
  const scale = (hits: number): Estimate => {
    if (sampled === undefined) return exactly(hits);
    const share = estimateShare(hits, sampled);
    const strings = Number(space.size);
    return { value: share.value * strings, low: share.low * strings, high: share.high * strings };
  };
  const refused = [...reasons.values()].reduce((sum, count) => sum + count, 0);
  return {
    strings: space.size,
    refusedByReason: Object.fromEntries(
      [...reasons].sort((a, b) => b[1] - a[1]).map(([reason, count]) => [reason, scale(count)]),
    ),
    refused: scale(refused),
    distinct: sampled === undefined ? exactly(occurrences.length) : estimateClasses(occurrences),
    sampled,
  };
}

function exactly(value: number): Estimate {
  return { value, low: value, high: value };
}

function* all(space: SearchSpace): Generator<Judged> {
  for (const tokens of enumerateTokens(space)) {
    const expression = simplify(tokensToExpression(space, tokens));
    yield { expression, refusal: refuse(expression) };
  }
}
