import { lineChart } from '../plot/line-chart.ts';
import type { Comparison, ContestantResult, RunsAfter } from './compare.ts';

/**
 * Two panels: the best score so far (median of the seeds and the band of the middle 90%) and the share of
 * seeds that have found the target, each against the number of evaluations.
 */
export function comparisonChart({ results, best }: Comparison, subtitle: string, target: string): string {
  const series = (y: (standing: RunsAfter) => { y: number; low?: number; high?: number }) =>
    results.map(({ label, curve }) => ({
      name: label,
      points: curve.map((standing) => ({ x: standing.evaluations, ...y(standing) })),
    }));
  const common = { xLabel: 'functions trained', logarithmic: true, steps: true };
  return lineChart({
    title: 'Controllers on a table of scores',
    subtitle,
    panels: [
      {
        ...common,
        title: `best score so far (the table's best: ${(best.score as number).toFixed(3)})`,
        yLabel: 'score, median and 90% band of the seeds',
        series: series(({ best: { median, low, high } }) => ({ y: median, low, high })),
        yRange: [leastShown(results), best.score as number],
      },
      {
        ...common,
        title: `found ${target}`,
        yLabel: 'share of the seeds',
        series: series(({ found }) => ({ y: found })),
        yRange: [0, 1],
        yFormat: (value) => `${Math.round(100 * value)}%`,
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
