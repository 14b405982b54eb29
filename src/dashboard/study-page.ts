import { html } from 'hono/html';
import { verdictSentences } from '../report/verdict-text.ts';
import type { CandidateCount } from '../storage/candidate-pages.ts';
import type { Store, StudyRecord } from '../storage/store.ts';
import { durationText } from '../terminal/duration.ts';
import { grouped } from '../terminal/numbers.ts';
import { captionedTable, definitionList, type Markup, timeText } from './layout.ts';
import { type Choice, leaderboardSection } from './leaderboard-section.ts';
import { progressText } from './studies-page.ts';
import { type StudyFacts, stateText, totalsOf } from './study-facts.ts';
import { trainingSection } from './training-section.ts';
import { figure } from './trial-views.ts';

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
${leaderboardSection(store, study, judged, choice)}
${trainingSection(store, study)}
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

/** Scores of the best candidates by the order of proposals, and the best of them so far. */
function progressChart(store: Store, studyId: number): Markup | '' {
  const { rows } = store.pageOf(studyId, {
    order: 'rank',
    status: 'complete',
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
