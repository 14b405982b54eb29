import type { Point, Series } from '../../plot/chart.ts';
import { styles } from '../../plot/theme.ts';
import type { Store, StudyRecord } from '../../storage/store.ts';
import type { Candidate } from '../../study/candidate.ts';
import { compareRank } from '../../study/rank.ts';
import { isFailure } from '../../study/statuses.ts';
import type { WholeStudy } from '../whole-study.ts';
import { refuseUnscored } from './choose.ts';
import { type Plot, reluReference, type StudyPlot, thinned } from './plot.ts';

/** All scores, the best so far, and what became of proposals, against candidates and time. */
export const progressPlot: StudyPlot = {
  summary: 'all scores and the best so far against candidates and time; refused, known and failed ones',
  shows: 'study',
  make: plotProgress,
};

/** A proposal with what the study knew after it. */
interface Step {
  readonly candidate: Candidate;
  /** Minutes from the beginning of the study to its last trial, pauses included; null where it has none. */
  readonly minutes: number | null;
  readonly best: Candidate | null;
  readonly refused: number;
  readonly known: number;
  readonly failed: number;
  readonly scored: number;
}

function plotProgress(whole: WholeStudy): Plot {
  const { study } = whole;
  const steps = stepsOf(whole);
  const relu = reluReference(whole.candidates);
  refuseUnscored(study, steps.filter(({ candidate }) => candidate.score !== null).length);
  const rungs = steps.reduce((most, { candidate }) => Math.max(most, candidate.rung ?? 1), 1);
  const number = ({ candidate }: Step): number => candidate.number;
  return {
    chart: {
      title: `Progress of ${study.name}`,
      notes:
        rungs > 1 ? ['best so far: as the leaderboard ranks, where a higher rung outranks a lower one'] : [],
      panels: [
        {
          title: 'Scores',
          x: { label: 'proposals' },
          y: { label: relu.label },
          series: [...scoresByRung(steps, rungs), best(steps, number)],
          rules: relu.values.map((y) => ({ y })),
        },
        {
          title: 'The best so far',
          x: { label: 'minutes since the study began' },
          y: { label: 'score' },
          series: [best(inTime(steps), ({ minutes }) => minutes as number)],
        },
        {
          title: 'What became of proposals',
          x: { label: 'proposals' },
          y: { label: 'proposals' },
          series: outcomes.map(({ name, key, style }) => ({
            name,
            style,
            points: thinned(steps.map((step) => ({ x: number(step), y: step[key] }))),
          })),
        },
      ],
    },
    columns: ['number', 'id', 'expression', 'status', 'rung', 'score', 'best', 'minutes'],
    get rows() {
      return steps.map(({ candidate, best: leader, minutes }) => [
        candidate.number,
        candidate.id,
        candidate.expression,
        candidate.status,
        candidate.rung,
        candidate.score,
        leader?.score ?? null,
        minutes,
      ]);
    },
  };
}

const outcomes = [
  { name: 'scored', key: 'scored', style: styles.third },
  { name: 'failed', key: 'failed', style: styles.failure },
  { name: 'refused', key: 'refused', style: styles.fourth },
  { name: 'known', key: 'known', style: styles.quiet },
] as const;

function scoresByRung(steps: readonly Step[], rungs: number): readonly Series[] {
  return Array.from({ length: rungs }, (_, index) => ({
    name: rungs > 1 ? `scored on rung ${index + 1}` : 'a score',
    mark: 'dots' as const,
    style: [styles.quiet, styles.second, styles.third][index % 3] as number,
    points: steps
      .filter(({ candidate }) => candidate.rung === index + 1 && candidate.score !== null)
      .map(({ candidate }) => ({
        x: candidate.number,
        y: candidate.score as number,
        label: candidate.expression,
      })),
  }));
}

/** The best so far: a point where it changes, and the end. */
function best(steps: readonly Step[], x: (step: Step) => number): Series {
  const known = steps.filter((step) => step.best !== null);
  const points: Point[] = known
    .filter((step, index) => index === known.length - 1 || step.best !== known[index - 1]?.best)
    .map((step) => ({ x: x(step), y: step.best?.score as number }));
  return { name: 'best so far', mark: 'steps', style: styles.first, points };
}

/** Trained proposals in the order in which their last trials ended, each with the best until then. */
function inTime(steps: readonly Step[]): readonly Step[] {
  let leader: Candidate | null = null;
  return steps
    .filter(({ minutes }) => minutes !== null)
    .toSorted((a, b) => (a.minutes as number) - (b.minutes as number))
    .map((step) => {
      leader = better(step.candidate, leader);
      return { ...step, best: leader };
    });
}

function better(candidate: Candidate, leader: Candidate | null): Candidate | null {
  if (candidate.score === null) return leader;
  return leader === null || compareRank(candidate, leader) < 0 ? candidate : leader;
}

function stepsOf({ store, study, proposed }: WholeStudy): readonly Step[] {
  const ended = lastTrials(store, study);
  const begun = Date.parse(study.createdAt);
  let counts = { refused: 0, known: 0, failed: 0, scored: 0 };
  let leader: Candidate | null = null;
  return proposed.map((candidate) => {
    const { status, score } = candidate;
    leader = better(candidate, leader);
    counts = {
      refused: counts.refused + Number(status === 'refused'),
      known: counts.known + Number(status === 'known'),
      failed: counts.failed + Number(isFailure(status)),
      scored: counts.scored + Number(score !== null),
    };
    const end = ended.get(candidate.id);
    const minutes = end === undefined ? null : Math.max(0, (Date.parse(end) - begun) / 60_000);
    return { candidate, minutes, best: leader, ...counts };
  });
}

/** When the last trial of each candidate was stored. */
function lastTrials(store: Store, study: StudyRecord): ReadonlyMap<number, string> {
  const { rows } = store.query(
    'SELECT candidate, max(stored_at) FROM trials WHERE study = ? GROUP BY candidate',
    [study.name],
  );
  return new Map([...rows].map(([id, at]) => [Number(id), String(at)]));
}
