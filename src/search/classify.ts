import { type Cases, type Expression, fold, NodeNotes } from '../expression/expression.ts';
import {
  FunctionIndex,
  fingerprint as fingerprintOf,
  sameAtInitialOne,
  sameFunction,
} from '../expression/fingerprint.ts';
import { parse, print } from '../expression/notation.ts';
import { operatorFor } from '../expression/operators.ts';
import { parameterReflections } from '../expression/reflection.ts';
import { refuse } from '../expression/refusal.ts';
import { simplify } from '../expression/simplify.ts';
import { complexity, isGated } from '../expression/structure.ts';
import type { Tokens } from '../search-space/search-space.ts';
import type { Candidate, NewCandidate, TargetMatch } from '../study/candidate.ts';
import type { NamedFormula } from './baselines.ts';
import type { StudyConfig } from './study-config.ts';

/**
 * Judges proposals before any training, in the order asked: refused, known, or to be trained. The judgment
 * depends on the earlier proposals and on nothing else. Baselines are not among the known functions, so that
 * a baseline which the controller finds is trained as its own find.
 */
export class Classifier {
  /**
   * Functions that are trained, by number, and their fingerprints: a known function has that of its owner.
   */
  readonly #index = new FunctionIndex();
  readonly #fingerprints = new Map<number, string>();
  readonly #target: Expression | undefined;
  readonly #probe: number;
  readonly #reflections: StudyConfig['reflections'];

  constructor(
    target: Expression | undefined,
    before: readonly Candidate[],
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
    const owner = this.#find(expression);
    if (owner !== undefined) {
      const fingerprint = this.#fingerprints.get(owner);
      return { ...waiting(number, expression, fingerprint), tokens, status: 'known', owner };
    }
    const candidate = { ...waiting(number, expression), tokens };
    const refusal = refuse(expression);
    if (refusal) {
      return { ...candidate, status: 'refused', reasonCode: refusal.code, reason: refusal.reason };
    }
    this.#index.add(expression, number);
    this.#fingerprints.set(number, candidate.fingerprint);
    return { ...candidate, target: this.#matchOf(expression) };
  }

  /**
   * The number of an equal function, or of one that is equal once parameters are mirrored about their initial
   * values.
   */
  #find(expression: Expression): number | undefined {
    const same = this.#index.find(expression);
    if (same !== undefined || this.#reflections === 'each') return same;
    for (const turned of parameterReflections(expression)) {
      const number = this.#index.find(turned);
      if (number !== undefined) return number;
    }
    return undefined;
  }

  #matchOf(expression: Expression): TargetMatch | null {
    // Functions that are equal in either way have one value where all parameters are 1: a cheap test that few
    // others pass.
    if (!this.#target || !nearlyEqual(probe(expression), this.#probe)) return null;
    if (sameFunction(expression, this.#target)) return 'equal';
    return sameAtInitialOne(expression, this.#target) ? 'equal-at-1' : null;
  }
}

/** A function's value at one point, all its parameters 1. */
function probe(expression: Expression): number {
  return fold(expression, probeCases, probeValues);
}

const probeCases: Cases<number> = {
  number: ({ value }) => value,
  variable: () => 1.3,
  parameter: () => 1,
  call: ({ operator }, [a, b]) => operatorFor(operator).evaluate(a as number, b as number),
};
const probeValues = new NodeNotes<number>();

function nearlyEqual(a: number, b: number): boolean {
  return Math.abs(a - b) <= 1e-6 * (1 + Math.abs(b));
}

/** A baseline as a candidate: as it is written, always to be trained. The first has number -1. */
export function baselineCandidate(index: number, { name, formula }: NamedFormula): NewCandidate {
  return { ...waiting(-1 - index, parse(formula)), name };
}

/** A candidate to be trained; `fingerprint` saves computing it where it is known. */
function waiting(number: number, expression: Expression, fingerprint?: string): NewCandidate {
  return {
    number,
    name: null,
    tokens: null,
    expression: print(expression),
    fingerprint: fingerprint ?? fingerprintOf(expression),
    complexity: complexity(expression),
    gated: isGated(expression),
    target: null,
    status: 'waiting',
    reasonCode: null,
    reason: null,
    owner: null,
  };
}
