import type { Panel, Series } from '../../plot/chart.ts';
import { styles } from '../../plot/theme.ts';
import type { Store, StudyRecord } from '../../storage/store.ts';
import { trialStatuses } from '../../study/statuses.ts';
import type { TrialStatus } from '../../trial/protocol.ts';
import type { WholeStudy } from '../whole-study.ts';
import { refuseUntrained } from './choose.ts';
import type { Plot, StudyPlot } from './plot.ts';

/** How many functions came to which rung, what stopped them there, and where the time went. */
export const ladderPlot: StudyPlot = {
  summary: 'how many functions came to which rung, what stopped them, and where the time went',
  shows: 'study',
  make: plotLadder,
};

/** Trials of a rung on a child that ended in one way, and their candidates. */
interface Share {
  readonly rung: number;
  readonly child: string;
  readonly status: TrialStatus;
  readonly candidates: number;
  readonly trials: number;
  readonly seconds: number;
}

function plotLadder({ store, study }: WholeStudy): Plot {
  const shares = sharesOf(store, study);
  refuseUntrained(study, shares.length);
  const places = [...new Set(shares.map(placeOf))];
  const panel = (title: string, label: string, measure: (share: Share) => number): Panel => ({
    title,
    x: { label },
    y: { label: '', names: places },
    series: stacked(shares, places, measure),
  });
  return {
    chart: {
      title: `The ladder of ${study.name}`,
      notes: ['by rung and child: how the trials ended'],
      panels: [
        panel('Functions', 'functions', ({ candidates }) => candidates),
        panel('Time', 'minutes of one worker', ({ seconds }) => seconds / 60),
      ],
    },
    columns: ['rung', 'child', 'status', 'functions', 'trials', 'seconds'],
    rows: shares.map(({ rung, child, status, candidates, trials, seconds }) => [
      rung,
      child,
      status,
      candidates,
      trials,
      seconds,
    ]),
  };
}

const statusStyles = {
  complete: styles.third,
  diverged: styles.failure,
  'stopped-early': styles.second,
  'timed-out': styles.fourth,
  crashed: styles.quiet,
} as const satisfies Record<TrialStatus, number>;

/** Bars of each status, one after the other. */
function stacked(
  shares: readonly Share[],
  places: readonly string[],
  measure: (share: Share) => number,
): readonly Series[] {
  const ends = new Map<string, number>();
  return trialStatuses
    .filter((status) => shares.some((share) => share.status === status))
    .map((status) => ({
      name: status,
      mark: 'bars' as const,
      style: statusStyles[status],
      points: shares
        .filter((share) => share.status === status)
        .map((share) => {
          const place = placeOf(share);
          const low = ends.get(place) ?? 0;
          const x = low + measure(share);
          ends.set(place, x);
          return { x, low, y: places.indexOf(place), label: `${status}: ${share.candidates} functions` };
        }),
    }));
}

function placeOf({ rung, child }: Share): string {
  return `rung ${rung}: ${child}`;
}

function sharesOf(store: Store, study: StudyRecord): readonly Share[] {
  const { rows } = store.query(
    `SELECT rung, child, status, count(DISTINCT candidate), count(*), sum(seconds) FROM trials
     WHERE study = ? GROUP BY rung, child, status ORDER BY rung, child, status`,
    [study.name],
  );
  return [...rows].map(([rung, child, status, candidates, trials, seconds]) => ({
    rung: Number(rung),
    child: String(child),
    status: status as TrialStatus,
    candidates: Number(candidates),
    trials: Number(trials),
    seconds: Number(seconds),
  }));
}
