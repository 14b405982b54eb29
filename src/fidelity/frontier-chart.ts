import type { Panel } from '../plot/chart.ts';
import { drawChart } from '../plot/draw-chart.ts';
import type { Agreement } from './agreement.ts';
import { type FidelityRow, wayOf } from './fidelity-row.ts';

/**
 * Every row that took time as a dot, tau against seconds, by measure: over all functions and over the better
 * half.
 */
export function frontierChart(rows: readonly FidelityRow[], note: string): string {
  const timed = rows.filter(({ seconds }) => seconds !== null && seconds > 0);
  const names = [...new Set(timed.map(({ measure }) => measure))];
  const panel = (title: string, of: (row: FidelityRow) => Agreement): Panel => ({
    title,
    x: { label: 'seconds of one core for each function', logarithmic: true },
    y: { label: "Kendall's tau with the reference", range: [-0.6, 1] },
    series: names.map((name) => ({
      name,
      mark: 'dots',
      points: timed
        .filter(({ measure }) => measure === name)
        .map((row) => ({ x: row.seconds as number, y: of(row).tau, label: wayOf(row) })),
    })),
  });
  return drawChart({
    title: 'How well short trainings rank functions',
    notes: [note],
    panels: [panel('all functions', ({ all }) => all), panel('the better half', ({ better }) => better)],
  });
}
