import { html } from 'hono/html';
import { scoreText, withClipped } from '../report/interval.ts';
import type { Store, StudyRecord } from '../storage/store.ts';
import { durationText } from '../terminal/duration.ts';
import { grouped } from '../terminal/numbers.ts';
import { captionedTable, type Markup, timeText } from './layout.ts';
import { bestCandidate, type StudyFacts, stateText, totalsOf, wantedCandidates } from './study-facts.ts';

/** All studies of a database, newest first. */
export function studiesBody(store: Store, facts: StudyFacts, version: number): Markup {
  const studies = store.studies().toReversed();
  if (studies.length === 0)
    return html`<p>No study was stored here yet. Start one with
<code>npx activation-search search</code>; it appears here by itself.</p>`;
  return captionedTable(
    'Studies',
    ['Study', 'State', 'Best function', 'Score', 'Progress', 'Running time', 'Changed'],
    studies.map((study) => row(store, study, facts, version)),
  );
}

function row(store: Store, study: StudyRecord, facts: StudyFacts, version: number): Markup {
  const best = bestCandidate(store, study.id);
  return html`<tr><th scope="row"><a href="/studies/${study.id}">${study.name}</a></th>
<td>${stateText(study)}</td>
<td>${best ? html`<a href="/candidates/${best.id}"><code>${best.expression}</code></a>` : 'none yet'}</td>
<td class="number">${best ? scoreText(withClipped(study, best), 4) : ''}</td>
<td>${progressText(store, study, facts, version)}</td>
<td class="number">${durationText(study.seconds)}</td><td>${timeText(study.updatedAt)}</td></tr>`;
}

/** How much of a study is done, with a bar where it has a limit of candidates. */
export function progressText(store: Store, study: StudyRecord, facts: StudyFacts, version: number): Markup {
  const { trained } = totalsOf(facts.counts(store, study, version));
  const wanted = wantedCandidates(study);
  if (wanted === null) return html`${grouped(trained)} functions trained`;
  return html`<progress max="${wanted}" value="${Math.min(trained, wanted)}" aria-label="Progress"></progress>
${grouped(trained)} functions trained, ${grouped(wanted)} proposals wanted`;
}
