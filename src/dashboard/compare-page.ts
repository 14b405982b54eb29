import { html } from 'hono/html';
import { differingSettings } from '../report/differing-settings.ts';
import { scoreText, withClipped } from '../report/interval.ts';
import type { Store, StudyRecord } from '../storage/store.ts';
import { grouped } from '../terminal/numbers.ts';
import { captionedTable, type Markup } from './layout.ts';
import { bestCandidate, type StudyFacts, stateText, totalsOf } from './study-facts.ts';

const mostCompared = 6;

/** Chosen studies side by side: their results, and only those settings that differ. */
export function compareBody(
  store: Store,
  chosen: readonly string[],
  facts: StudyFacts,
  version: number,
): Markup {
  const all = store.studies();
  const studies = all.filter(({ id }) => chosen.includes(String(id))).slice(0, mostCompared);
  return html`<form method="get"><fieldset><legend>Studies (at most ${mostCompared})</legend>${all.map(
    ({ id, name }) =>
      html`<label><input type="checkbox" name="study" value="${id}" ${chosen.includes(String(id)) ? 'checked' : ''}> ${name}</label> `,
  )}</fieldset><button>Compare</button></form>
${studies.length < 2 ? html`<p>Choose two studies or more.</p>` : comparison(store, studies, facts, version)}`;
}

function comparison(
  store: Store,
  studies: readonly StudyRecord[],
  facts: StudyFacts,
  version: number,
): Markup {
  const totals = studies.map((study) => totalsOf(facts.counts(store, study, version)));
  const best = studies.map(({ id }) => bestCandidate(store, id));
  const results: [string, readonly unknown[]][] = [
    ['State', studies.map(stateText)],
    [
      'Best function',
      best.map((one) =>
        one ? html`<a href="/candidates/${one.id}"><code>${one.expression}</code></a>` : 'none',
      ),
    ],
    [
      'Score',
      best.map((one, index) => (one ? scoreText(withClipped(studies[index] as StudyRecord, one), 4) : '')),
    ],
    ['Trained', totals.map(({ trained }) => grouped(trained))],
    ['Failed', totals.map(({ failed }) => grouped(failed))],
    ['Refused', totals.map(({ refused }) => grouped(refused))],
    ['Known', totals.map(({ known }) => grouped(known))],
  ];
  return captionedTable(
    'Comparison',
    ['', ...studies.map(({ name }) => name)],
    [...results, ...differingSettings(studies).map(({ setting, values }) => [setting, values] as const)].map(
      ([what, values]) =>
        html`<tr><th scope="row">${what}</th>${values.map((value) => html`<td>${value}</td>`)}</tr>`,
    ),
  );
}
