import { html, raw } from 'hono/html';
import { drawChart } from '../plot/draw-chart.ts';
import type { Store, TestResult } from '../storage/store.ts';
import type { Trial } from '../study/trial.ts';
import { captionedTable, type Markup } from './layout.ts';

type Chart = Parameters<typeof drawChart>[0];

/** A chart as part of a page. */
export function figure(chart: Chart): Markup {
  return html`<figure>${raw(drawChart(chart, { inline: true }))}</figure>`;
}

/** Trials as a table; functions are linked. Columns of the test split only where there are results. */
export function trialsTable(trials: readonly Trial[], tests: readonly TestResult[] = []): Markup {
  const testCells = (trial: Trial): Markup => {
    const result = tests.find(({ trialId }) => trialId === trial.id);
    return html`<td class="number">${result?.accuracy.toFixed(4) ?? ''}</td><td class="number">${result?.loss?.toFixed(4) ?? ''}</td>`;
  };
  return captionedTable(
    'Trials',
    [
      'Trial',
      'Candidate',
      'Rung',
      'Child',
      'Seed',
      'Steps',
      'Status',
      'Validation accuracy',
      'Validation loss',
      ...(tests.length > 0 ? ['Test accuracy', 'Test loss'] : []),
      'Seconds',
    ],
    trials.map(
      (trial) => html`<tr><th scope="row">${trial.id}</th>
<td><a href="/candidates/${trial.candidateId}">${trial.candidateId}</a></td><td class="number">${trial.rung}</td>
<td>${trial.child}</td><td class="number">${trial.seed}</td><td class="number">${trial.stepsDone} of ${trial.steps}</td>
<td>${trial.status}${trial.reason === null ? '' : html`<br><small>${trial.reason}</small>`}</td>
<td class="number">${trial.validationAccuracy?.toFixed(4) ?? ''}</td>
<td class="number">${trial.validationLoss?.toFixed(4) ?? ''}</td>${tests.length > 0 ? testCells(trial) : ''}<td class="number">${trial.seconds.toFixed(1)}</td></tr>`,
    ),
  );
}

/** Learning curves; nothing where no trial has one. */
export function curveChart(store: Store, trials: readonly Trial[]): Markup | '' {
  return lossChart(
    'Learning curves',
    trials.map((trial) => ({
      name: `trial ${trial.id}: ${trial.child}, seed ${trial.seed}`,
      points: store
        .curveOf(trial.id)
        .map(({ step, trainingLoss }) => ({ x: step, y: trainingLoss ?? Number.NaN })),
    })),
  );
}

/** Training losses against steps, of the first eight that have two points; nothing where none has. */
export function lossChart(title: string, curves: Chart['panels'][number]['series']): Markup | '' {
  const series = curves.filter(({ points }) => points.length > 1).slice(0, 8);
  if (series.length === 0) return '';
  return figure({
    title,
    panels: [{ title: 'Training loss', x: { label: 'step' }, y: { label: 'loss' }, series }],
  });
}
