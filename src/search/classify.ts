import type { Tokens } from '../controllers/controller.ts';
import { parametersOf } from '../expression/derive.ts';
import { evaluate } from '../expression/evaluate.ts';
import type { Expression } from '../expression/expression.ts';
import {
  FunctionIndex,
  fingerprint as fingerprintOf,
  sameAtInitialOne,
  sameFunction,
} from '../expression/fingerprint.ts';
import { parse, print } from '../expression/notation.ts';
import { parameterReflections } from '../expression/reflection.ts';
import { refuse } from '../expression/refusal.ts';
import { simplify } from '../expression/simplify.ts';
import { complexity, isGated } from '../expression/structure.ts';
import type { CandidateRecord, NewCandidate, TargetMatch } from '../storage/store.ts';
import type { StudyConfig } from './study-config.ts';

/**
 * Judges proposals before any training, in the order asked: refused, known, or to be trained. The judgment
 * depends on the proposals before and on nothing else. Baselines are not among the known functions: what a
 * controller finds, it finds by itself, and is trained.
 */
export class Classifier {
  /** Functions that are trained, by number, and their fingerprints: a known function bears its owner's. */
  readonly #index = new FunctionIndex();
  readonly #fingerprints = new Map<number, string>();
  readonly #target: Expression | undefined;
  readonly #probe: number;
  readonly #reflections: StudyConfig['reflections'];

  constructor(
    target: Expression | undefined,
    before: readonly CandidateRecord[],
    reflections: StudyConfig['reflections'] = 'each',
  ) {
    this.#target = target;
    this.#reflections = reflections;
    this.#probe = target ? probe(target) : Number.NaN;
    for (const { kind, status, number, expression, fingerprint } of before) {
      if (kind === 'baseline' || status === 'refused' || status === 'known') continue;
      this.#index.add(parse(expression), number);
      this.#fingerprints.set(number, fingerprint);
    }
  }

  classify(number: number, tokens: Tokens, proposed: Expression): NewCandidate {
    const expression = simplify(proposed);
    const sameAs = this.#find(expression);
    if (sameAs !== undefined) {
      const verdict = { status: 'known', sameAs } as const;
      return { number, tokens, ...describe(expression, this.#fingerprints.get(sameAs)), verdict };
    }
    const description = { number, tokens, ...describe(expression) };
    const refusal = refuse(expression);
    if (refusal) {
      const verdict = { status: 'refused', code: refusal.code, reason: refusal.reason } as const;
      return { ...description, verdict };
    }
    this.#index.add(expression, number);
    this.#fingerprints.set(number, description.fingerprint);
    const target = this.#matchOf(expression);
    return { ...description, ...(target ? { target } : {}), verdict: { status: 'waiting' } };
  }

  /** The number of the function that this one is, or that it is once parameters are mirrored about their starts. */
  #find(expression: Expression): number | undefined {
    const same = this.#index.find(expression);
    if (same !== undefined || this.#reflections === 'each') return same;
    for (const turned of parameterReflections(expression)) {
      const number = this.#index.find(turned);
      if (number !== undefined) return number;
    }
    return undefined;
  }

  #matchOf(expression: Expression): TargetMatch | undefined {
    // Functions that are equal, in either way, are so at 1 in particular: a cheap test that hardly any other passes.
    if (!this.#target || !nearlyEqual(probe(expression), this.#probe)) return undefined;
    if (sameFunction(expression, this.#target)) return 'equal';
    return sameAtInitialOne(expression, this.#target) ? 'equal-at-1' : undefined;
  }
}

/** A function's value at one point, all its parameters 1. */
function probe(expression: Expression): number {
  const parameters = Object.fromEntries(parametersOf(expression).map(({ name }) => [name, 1]));
  return evaluate(expression, { x: 1.3, parameters });
}

function nearlyEqual(a: number, b: number): boolean {
  return Math.abs(a - b) <= 1e-6 * (1 + Math.abs(b));
}

/** A baseline as a candidate: as it is written, always to be trained. The first has number -1. */
export function baselineCandidate(index: number, name: string, formula: string): NewCandidate {
  return { number: -1 - index, name, ...describe(parse(formula)), verdict: { status: 'waiting' } };
}

function describe(expression: Expression, known?: string) {
  return {
    expression: print(expression),
    fingerprint: known ?? fingerprintOf(expression),
    complexity: complexity(expression),
    gated: isGated(expression),
  };
}
