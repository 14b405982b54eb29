import type { Candidate } from '../../src/study/candidate.ts';

/** A proposal; it has failed if it is given no score. */
export function candidate(number: number, changes: Partial<Candidate>): Candidate {
  return {
    id: number,
    studyId: 1,
    number,
    batch: 1,
    kind: 'proposed',
    name: null,
    tokens: [],
    expression: 'tanh(x)',
    fingerprint: String(number),
    complexity: 2,
    gated: false,
    target: null,
    status: changes.score == null ? 'diverged' : 'complete',
    reasonCode: null,
    reason: null,
    sameAs: null,
    rung: 1,
    score: null,
    low: null,
    high: null,
    versusRelu: null,
    ...changes,
  };
}
