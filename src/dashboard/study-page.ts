import { html, raw } from 'hono/html';
import { drawChart } from '../plot/draw-chart.ts';
import { verdictSentences } from '../report/verdict-text.ts';
import type { CandidateCount } from '../storage/candidate-pages.ts';
import type { Store, StudyRecord, TestResult } from '../storage/store.ts';
import type { Trial } from '../study/trial.ts';
import { durationText } from '../terminal/duration.ts';
import { grouped } from '../terminal/numbers.ts';
import { captionedTable, definitionList, type Markup, timeText } from './layout.ts';
import { type Choice, leaderboardSection } from './leaderboard-section.ts';
import { progressText } from './studies-page.ts';
import { type StudyFacts, stateText, totalsOf } from './study-facts.ts';

/** Candidates that the picture of progress shows: the best ones. */
const shownInProgress = 200;

export interface ShownStudy {
  readonly study: StudyRecord;
  readonly facts: StudyFacts;
  readonly version: number;
  readonly choice: Choice;
}

/** One study: what trains now, progress, leaderboard, ladder and failures. */
export function studyBody(store: Store, { study, facts, version, choice }: ShownStudy): Markup {
  const counts = facts.counts(store, study, version);
  const totals = totalsOf(counts);
  const judged = store.judgedOf(study.id);
  return html`${verdictSentences(judged, study).map((sentence) => html`<p>${sentence}</p>`)}
${definitionList([
  ['State', stateText(study)],
  ['Progress', progressText(store, study, facts, version)],
  [
    'Candidates',
    `${grouped(totals.all)}: ${grouped(totals.trained)} trained (${grouped(totals.failed)} failed), ${grouped(totals.refused)} refused, ${grouped(totals.known)} known, ${grouped(totals.waiting)} waiting`,
  ],
  ['Controller', `${study.controller}, seed ${study.seed}`],
  ['Running time', durationText(study.seconds)],
  ['Changed', timeText(study.updatedAt)],
  ['Target', study.target ?? 'none'],
])}
<div>${facts.picture(study, version, () => progressChart(store, study.id))}</div>
${leaderboardSection(store, study.id, judged, choice)}
${nowSection(store, study)}
${countsSection(
  'Ladder',
  'Rung',
  counts.filter(({ rung }) => rung !== null),
  ({ rung }) => `rung ${rung}`,
)}
${countsSection(
  'Refusals and failures',
  'Reason',
  counts.filter(({ status }) => status !== 'complete' && status !== 'waiting'),
  ({ reason }) => reason ?? '',
)}`;
}

function nowSection(store: Store, study: StudyRecord): Markup {
  const waiting = study.status === 'running' ? store.waitingOf(study.id, 8) : [];
  const trials = store.latestTrialsOf(study.id, 5);
  return html`<section aria-labelledby="now"><h2 id="now">Training</h2>
${
  waiting.length === 0
    ? html`<p>Nothing is in training.</p>`
    : html`<p>In training, or next:</p><ul>${waiting.map(({ id, expression }) => html`<li><a href="/candidates/${id}"><code>${expression}</code></a></li>`)}</ul>`
}
${trials.length === 0 ? '' : html`<h3>Last trials</h3>${curveChart(store, trials)}${trialsTable(trials)}`}</section>`;
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
  const series = trials
    .map((trial) => ({
      name: `trial ${trial.id}: ${trial.child}, seed ${trial.seed}`,
      points: store
        .curveOf(trial.id)
        .map(({ step, trainingLoss }) => ({ x: step, y: trainingLoss ?? Number.NaN })),
    }))
    .filter(({ points }) => points.length > 1)
    .slice(0, 8);
  if (series.length === 0) return '';
  return figure({
    title: 'Learning curves',
    panels: [{ title: 'Training loss', x: { label: 'step' }, y: { label: 'loss' }, series }],
  });
}

/** Scores of the best candidates by the order of proposals, and the best of them so far. */
function progressChart(store: Store, studyId: number): Markup | '' {
  const { rows } = store.pageOf(studyId, {
    order: 'rank',
    count: shownInProgress,
    accepts: ({ number }) => number > 0,
  });
  const top = rows.map(({ candidate }) => candidate).filter(({ rung }) => rung === rows[0]?.candidate.rung);
  if (top.length < 2) return '';
  const points = top.map(({ number, score, expression }) => ({
    x: number,
    y: score as number,
    label: expression,
  }));
  const inOrder = points.toSorted((a, b) => a.x - b.x);
  let best = Number.NEGATIVE_INFINITY;
  const records = inOrder.filter(({ y }) => {
    if (y <= best) return false;
    best = y;
    return true;
  });
  const last = { x: inOrder.at(-1)?.x ?? 0, y: best };
  return figure({
    title: 'Progress',
    notes: [`The ${grouped(top.length)} best candidates of the highest rung`],
    panels: [
      {
        title: 'Score',
        x: { label: 'proposal' },
        y: { label: 'score' },
        series: [
          { name: 'candidates', mark: 'dots', points },
          { name: 'best so far', mark: 'steps', points: [...records, last] },
        ],
      },
    ],
  });
}

function figure(chart: Parameters<typeof drawChart>[0]): Markup {
  return html`<figure>${raw(drawChart(chart, { inline: true }))}</figure>`;
}

function countsSection(
  title: string,
  heading: string,
  counts: readonly CandidateCount[],
  nameOf: (count: CandidateCount) => string,
): Markup | '' {
  if (counts.length === 0) return '';
  return html`<section><h2>${title}</h2>${captionedTable(
    title,
    [heading, 'Status', 'Candidates'],
    counts.map(
      (count) =>
        html`<tr><th scope="row">${nameOf(count)}</th><td>${count.status}</td><td class="number">${grouped(count.count)}</td></tr>`,
    ),
  )}</section>`;
}
