import { createColors } from 'picocolors';
import type { LeaderboardRow } from '../../src/storage/store.ts';

export function row(
  rank: number | null,
  expression: string,
  changes: Partial<LeaderboardRow> = {},
): LeaderboardRow {
  return {
    study: 's',
    rank,
    id: rank ?? 99,
    name: null,
    kind: 'proposed',
    expression,
    rung: 1,
    score: rank === null ? null : 0.3 - rank / 10,
    low: rank === null ? null : 0.2 - rank / 10,
    high: rank === null ? null : 0.4 - rank / 10,
    versusRelu: rank === null ? null : 0.8 + rank / 10,
    trials: 2,
    seeds: 1,
    complexity: expression.length,
    gated: false,
    status: rank === null ? 'diverged' : 'complete',
    reason: rank === null ? 'loss is NaN at step 3' : null,
    found: 1,
    proposals: 1,
    target: null,
    fingerprint: expression,
    verdict: 'undecided',
    group: null,
    blocks: 0,
    failedBlocks: 0,
    lead: null,
    leadLow: null,
    leadHigh: null,
    recommended: false,
    clipped: false,
    mixed: false,
    ...changes,
  };
}

export const rows = [
  row(1, 'x*sigmoid(beta*x)', { gated: true, target: 'equal' }),
  row(2, 'x*sigmoid(x)', { gated: true, kind: 'baseline', name: 'Swish-1', target: 'equal-at-1' }),
  row(3, 'sin(x) + x'),
  row(4, 'max(x, 0)', { kind: 'baseline', name: 'ReLU' }),
  row(null, 'exp(x)*sin(x)'),
];
export const screen = { width: 80, colors: createColors(false), unicode: true, redraws: true };
