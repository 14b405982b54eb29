import { loadSearchSpace, storeSpace, tokensAt } from '../../src/search-space/search-space.ts';
import type { Store, StudyRecord } from '../../src/storage/store.ts';
import type { CandidateVerdict } from '../../src/study/verdict.ts';
import { sampleCandidate, sampleStudy, scored, state } from '../storage/samples.ts';

type Given = readonly [expression: string, score: number, verdict: Partial<CandidateVerdict>];

const proposals: readonly Given[] = [
  ['x*erf(x)', 0.12, { verdict: 'ahead', group: 1, lead: 0.11, leadLow: 0.07, leadHigh: 0.15 }],
  ['sin(x) + x', 0.06, { verdict: 'equal', group: 2, lead: 0.001, leadLow: -0.004, leadHigh: 0.004 }],
  ['tanh(x)', -0.05, { verdict: 'behind', group: 3, lead: -0.08, leadLow: -0.12, leadHigh: -0.04 }],
  ['min(x, sin(x))', 0.02, { verdict: 'undecided', group: 2, lead: 0.02, leadLow: -0.03, leadHigh: 0.07 }],
  [
    'x*sigmoid(x)',
    0.1,
    { verdict: 'ahead', group: 1, lead: 0.1, leadLow: 0.06, leadHigh: 0.14, recommended: true },
  ],
  ['atan(x)', -0.2, { verdict: 'behind', group: 4, failedBlocks: 1 }],
];

/** A finished study with a verdict of every kind: two leaders, of which the second is recommended. */
export function fillJudgedStudy(store: Store, name: string): StudyRecord {
  const space = loadSearchSpace('paper');
  const { id } = store.createStudy(sampleStudy(name, { space: storeSpace(space) }));
  const [relu, swish] = store.candidatesOf(id);
  if (!relu || !swish) throw new Error('baselines are missing');
  const asked = proposals.map(([expression], index) =>
    sampleCandidate(index + 1, {
      expression,
      fingerprint: expression,
      complexity: expression.length,
      tokens: tokensAt(space, BigInt(index)),
    }),
  );
  const batch = store.recordBatch(id, asked, state(6));
  store.recordResults(id, [scored(relu, 0), scored(swish, 0.08)]);
  store.completeBatch(id, state(6));
  store.recordResults(
    id,
    batch.map((candidate, index) => scored(candidate, proposals[index]?.[1] ?? 0)),
  );
  store.recordVerdicts(id, {
    verdicts: [
      verdictOn(relu.id, { verdict: 'equal', group: 2, lead: 0, leadLow: 0, leadHigh: 0 }),
      verdictOn(swish.id, { verdict: 'ahead', group: 2, lead: 0.08, leadLow: 0.02, leadHigh: 0.14 }),
      ...batch.map((candidate, index) => verdictOn(candidate.id, proposals[index]?.[2] ?? {})),
    ],
    concordance: 0.75,
    seedCorrelation: 0.5,
  });
  store.completeBatch(id, state(6));
  store.finishStudy(id);
  return store.study(name);
}

function verdictOn(candidateId: number, given: Partial<CandidateVerdict>): CandidateVerdict {
  return {
    candidateId,
    verdict: 'undecided',
    group: null,
    blocks: 12,
    failedBlocks: 0,
    lead: null,
    leadLow: null,
    leadHigh: null,
    recommended: false,
    ...given,
  };
}
