import { drawChart } from '../plot/draw-chart.ts';
import type { Comparison, ContestantResult, RunsAfter } from './compare.ts';

/**
 * Two panels: the best score so far (median of the seeds and the band of the middle 90%) and the share of
 * seeds that have found the target, each against the number of evaluations.
 */
export function comparisonChart({ results, best }: Comparison, subtitle: string, target: string): string {
  const series = (y: (standing: RunsAfter) => { y: number; low?: number; high?: number }) =>
    results.map(({ label, curve }) => ({
      name: label,
      mark: 'steps' as const,
      points: curve.map((standing) => ({ x: standing.evaluations, ...y(standing) })),
    }));
  const x = { label: 'functions trained', logarithmic: true };
  return drawChart({
    title: 'Controllers on a table of scores',
    notes: [subtitle],
    panels: [
      {
        x,
        title: `best score so far (the table's best: ${(best.score as number).toFixed(3)})`,
        y: {
          label: 'score, median and 90% band of the seeds',
          range: [leastShown(results), best.score as number],
        },
        series: series(({ best: { median, low, high } }) => ({ y: median, low, high })),
      },
      {
        x,
        title: `found ${target}`,
        y: {
          label: 'share of the seeds',
          range: [0, 1],
          format: (value) => `${Math.round(100 * value)}%`,
        },
        series: series(({ found }) => ({ y: found })),
      },
    ],
  });
}

/** The lowest median after the first few evaluations: earlier ones would press all curves against the top. */
function leastShown(results: readonly ContestantResult[]): number {
  const tries = 5;
  return Math.min(
    ...results.map(({ curve }) => (curve[Math.min(tries, curve.length) - 1] as RunsAfter).best.low),
  );
}
