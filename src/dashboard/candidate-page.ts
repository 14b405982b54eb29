import { html, raw } from 'hono/html';
import { parse } from '../expression/notation.ts';
import { type CardFacts, cardFacts, cardLines } from '../report/function-card.ts';
import { scoreIntervalText, scoreText, withClipped } from '../report/interval.ts';
import { testSplitLines } from '../report/test-split-text.ts';
import { verdictLines } from '../report/verdict-text.ts';
import { studyOf } from '../storage/left-behind.ts';
import type { Store } from '../storage/store.ts';
import type { Candidate } from '../study/candidate.ts';
import type { Trial } from '../study/trial.ts';
import { percent, short } from '../terminal/numbers.ts';
import { formulaPicture } from './formula-picture.ts';
import { captionedTable, definitionList, type Markup } from './layout.ts';
import { curveChart, trialsTable } from './trial-views.ts';

/** One candidate: its card, trials, curves and what its parameters became. */
export function candidateBody(store: Store, candidate: Candidate): Markup {
  const { expression, status, reason, versusRelu, rung, number, sameAs } = candidate;
  const scored = withClipped(studyOf(store, candidate), candidate);
  const facts = keptFacts(expression);
  const owner = sameAs ?? candidate.id;
  const trials = store.trialsOf(owner);
  const tests = store.testResultsOf(owner);
  const judged = store.judgedOf(candidate.studyId);
  const own = judged.find(({ id }) => id === owner);
  return html`<div class="card"><div class="large">${formulaPicture(expression)}</div>
<p>f(x) = ${raw(facts.typeset.value)}</p><p>f'(x) = ${raw(facts.typeset.slope)}</p></div>
${definitionList([
  ['Formula', html`<code>${expression}</code>`],
  ['Status', reason === null ? status : `${status}: ${reason}`],
  ...(sameAs === null
    ? []
    : [['Equal to', html`<a href="/candidates/${sameAs}">candidate ${sameAs}</a>`] as const]),
  ...(own ? verdictLines(own, judged) : []),
  ['Score', scoreText(scored) || 'none'],
  ['95% interval', scoreIntervalText(scored) || 'none'],
  ['Errors of ReLU', versusRelu === null ? 'unknown' : percent(versusRelu)],
  ['Rung', rung ?? 'not trained'],
  ...testSplitLines(trials, tests),
  ['Proposal', number > 0 ? number : 'baseline function'],
  ...cardLines(facts),
])}
<section aria-labelledby="trials"><h2 id="trials">Trials</h2>
${trials.length === 0 ? html`<p>No trial was stored yet.</p>` : html`${curveChart(store, trials)}${trialsTable(trials, tests)}`}</section>
${learnedSection(trials)}`;
}

const mostKept = 200;
const kept = new Map<string, CardFacts>();

/** Facts follow from the formula and take a while: those of the last formulas are kept. */
function keptFacts(expression: string): CardFacts {
  const facts = kept.get(expression) ?? cardFacts(parse(expression));
  if (kept.size === mostKept) kept.delete(kept.keys().next().value as string);
  kept.set(expression, facts);
  return facts;
}

/** Reads the catalog of known functions, which takes a while, before the first card needs it. */
export function prepareCards(): void {
  keptFacts('max(x, 0)');
}

function learnedSection(trials: readonly Trial[]): Markup | '' {
  const rows = trials.flatMap(({ id, learned }) =>
    Object.entries(learned ?? {}).flatMap(([name, layers]) =>
      layers.map(
        ({ channels, mean, minimum, maximum, deviation }, layer) =>
          html`<tr><th scope="row">${name}</th><td class="number">${id}</td><td class="number">${layer + 1}</td>
<td class="number">${channels}</td><td class="number">${short(mean)}</td><td class="number">${short(deviation)}</td>
<td class="number">${short(minimum)} to ${short(maximum)}</td></tr>`,
      ),
    ),
  );
  if (rows.length === 0) return '';
  const headings = ['Parameter', 'Trial', 'Layer', 'Channels', 'Mean', 'Deviation', 'Range'];
  return html`<section><h2>Learned parameters</h2>${captionedTable('Learned parameters', headings, rows)}</section>`;
}
