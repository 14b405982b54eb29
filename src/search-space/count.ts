import { FunctionIndex } from '../expression/fingerprint.ts';
import { refuse } from '../expression/refusal.ts';
import { simplify } from '../expression/simplify.ts';
import { isSymmetric } from './behavior.ts';
import { tokensToExpression } from './compose.ts';
import { type Estimate, estimateClasses, estimateShare } from './estimate.ts';
import { type SampledCandidate, sampleCandidates } from './sample.ts';
import { type SearchSpace, tokensPerUnit } from './space.ts';
import { enumerateTokens, type Tokens } from './tokens.ts';

/** Spaces with at most this many token sequences are counted whole unless a sample is asked for. */
const mostCounted = 100_000;

export const usualSample = 5_000;

export interface SpaceCount {
  /** Token sequences, exactly. */
  readonly strings: bigint;
  /** Token sequences that are refused before any training, by the code of the reason. */
  readonly refusedByReason: Readonly<Record<string, Estimate>>;
  readonly refused: Estimate;
  /** Different functions among the token sequences that are not refused; for a sample, a lower bound. */
  readonly distinct: Estimate;
  /** Token sequences drawn if the figures are estimates; undefined if every one was looked at. */
  readonly sampled: number | undefined;
}

/** A candidate and the number of token sequences that it stands for. */
interface Judged extends Pick<SampledCandidate, 'expression' | 'refusal'> {
  readonly strings: number;
}

export interface CountOptions {
  /** The number of token sequences to draw; all are looked at if there are no more. */
  readonly sample?: number;
  readonly seed?: number;
  /** Called from time to time with the share that is done, from 0 to 1. */
  readonly onProgress?: (share: number) => void;
}

/**
 * Counts the token sequences of a space, those that are refused by reason, and the different functions among
 * the rest: exactly for small spaces, from a random sample for large ones. Candidates are judged as the
 * search judges them.
 */
export function countSpace(space: SearchSpace, options: CountOptions = {}): SpaceCount {
  const sample = options.sample ?? (space.size > mostCounted ? usualSample : undefined);
  const sampled = sample === undefined || BigInt(sample) >= space.size ? undefined : sample;
  const total = sampled ?? Number(space.size);
  const reasons = new Map<string, number>();
  const index = new FunctionIndex();
  const occurrences: number[] = [];
  let done = 0;
  let reported = 0;
  const candidates: Iterable<Judged> =
    sampled === undefined ? all(space) : drawn(space, sampled, options.seed ?? 0);
  for (const { expression, refusal, strings } of candidates) {
    if (refusal) reasons.set(refusal.code, (reasons.get(refusal.code) ?? 0) + strings);
    else {
      const known = index.find(expression);
      if (known === undefined) index.add(expression, occurrences.push(strings) - 1);
      else occurrences[known] = (occurrences[known] as number) + strings;
    }
    done += strings;
    if (options.onProgress && done - reported >= total / 100) {
      options.onProgress(done / total);
      reported = done;
    }
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

/**
 * All candidates. Token sequences that differ only by swapped operands of a symmetric binary primitive, such
 * as x + exp(x) and exp(x) + x, are looked at once.
 */
function* all(space: SearchSpace): Generator<Judged> {
  const symmetric = space.binary.map(isSymmetric);
  for (const tokens of enumerateTokens(space)) {
    const strings = stringsOf(tokens, symmetric);
    if (strings === 0) continue;
    const expression = simplify(tokensToExpression(space, tokens));
    yield { expression, refusal: refuse(expression), strings };
  }
}

/** The number of token sequences that this one stands for; 0 if another one stands for it. */
function stringsOf(tokens: Tokens, symmetric: readonly boolean[]): number {
  let strings = 1;
  for (let unit = 0; unit < tokens.length; unit += tokensPerUnit) {
    const [input1, input2, unary1, unary2, binary] = tokens.slice(unit) as [
      number,
      number,
      number,
      number,
      number,
    ];
    if (!symmetric[binary]) continue;
    const order = input1 - input2 || unary1 - unary2;
    if (order > 0) return 0;
    if (order < 0) strings *= 2;
  }
  return strings;
}

function* drawn(space: SearchSpace, count: number, seed: number): Generator<Judged> {
  for (const candidate of sampleCandidates(space, count, seed)) yield { ...candidate, strings: 1 };
}
