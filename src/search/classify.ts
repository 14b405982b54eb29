import type { Tokens } from '../controllers/controller.ts';
import type { Expression } from '../expression/expression.ts';
import { FunctionIndex, fingerprint, sameAtInitialOne, sameFunction } from '../expression/fingerprint.ts';
import { parse, print } from '../expression/notation.ts';
import { refuse } from '../expression/refusal.ts';
import { simplify } from '../expression/simplify.ts';
import { complexity, isGated } from '../expression/structure.ts';
import type { CandidateRecord, NewCandidate, TargetMatch } from '../storage/store.ts';

/**
 * Judges proposals before any training, in the order asked: refused, known, or to be trained. The judgement
 * depends on the proposals before and on nothing else. Baselines are not among the known functions: what a
 * controller finds, it finds by itself, and is trained.
 */
export class Classifier {
  readonly #known = new FunctionIndex();
  readonly #target: Expression | undefined;

  constructor(target: Expression | undefined, before: readonly CandidateRecord[]) {
    this.#target = target;
    for (const { kind, status, number, expression } of before) {
      if (kind === 'proposed' && status !== 'refused' && status !== 'known') {
        this.#known.add(parse(expression), number);
      }
    }
  }

  classify(number: number, tokens: Tokens, proposed: Expression): NewCandidate {
    const expression = simplify(proposed);
    const description = { number, tokens, ...describe(expression) };
    const refusal = refuse(expression);
    if (refusal) {
      const verdict = { status: 'refused', code: refusal.code, reason: refusal.reason } as const;
      return { ...description, verdict };
    }
    const sameAs = this.#known.find(expression);
    if (sameAs !== undefined) return { ...description, verdict: { status: 'known', sameAs } };
    this.#known.add(expression, number);
    const target = this.#matchOf(expression);
    return { ...description, ...(target ? { target } : {}), verdict: { status: 'waiting' } };
  }

  #matchOf(expression: Expression): TargetMatch | undefined {
    if (!this.#target) return undefined;
    if (sameFunction(expression, this.#target)) return 'equal';
    return sameAtInitialOne(expression, this.#target) ? 'equal-at-1' : undefined;
  }
}

/** A baseline as a candidate: as it is written, always to be trained. The first has number -1. */
export function baselineCandidate(index: number, name: string, formula: string): NewCandidate {
  return { number: -1 - index, name, ...describe(parse(formula)), verdict: { status: 'waiting' } };
}

function describe(expression: Expression) {
  return {
    expression: print(expression),
    fingerprint: fingerprint(expression),
    complexity: complexity(expression),
    gated: isGated(expression),
  };
}
