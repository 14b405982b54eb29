import { Tally } from '../../src/search/counts.ts';
import type { StudyEvent } from '../../src/search/events.ts';
import { planOf } from '../search/support.ts';

const { counts } = new Tally(1);

export type CandidateEvent = Extract<StudyEvent, { event: 'candidate' }>;
type BeginEvent = Extract<StudyEvent, { event: 'study' }>;

/** The event with which a study begins. */
export function beginEvent(changes: Partial<BeginEvent> = {}): BeginEvent {
  const { config } = planOf({ candidates: 40, target: 'x*sigmoid(beta*x)', time: 600 });
  const start = { event: 'study', study: 'a-study', id: 1, resumed: false } as const;
  const rest = { sequences: '108', baselinesLeft: 9, best: [], target: null, seconds: 0 };
  return { ...start, config, counts, ...rest, ...changes };
}

/** The event of a candidate's end; a negative number is a baseline's. */
export function candidateEvent(
  number: number,
  score: number | null,
  changes: Partial<CandidateEvent> = {},
): CandidateEvent {
  const evaluated = Math.max(0, number);
  return {
    event: 'candidate',
    id: number + 100,
    number,
    kind: number < 0 ? 'baseline' : 'proposed',
    name: number < 0 ? `Known${-number}` : null,
    expression: `sigmoid(x)*max(x, ${number})`,
    status: score === null ? 'diverged' : 'complete',
    rung: 1,
    score,
    low: null,
    high: null,
    versusRelu: null,
    complexity: 5,
    reason: score === null ? 'loss is NaN at step 7' : null,
    counts: { ...counts, proposed: evaluated + 2, evaluated, refused: 1, known: 1, byRung: [evaluated] },
    seconds: 0,
    secondsLeft: null,
    ...changes,
  };
}
