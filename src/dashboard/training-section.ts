import { html } from 'hono/html';
import { type RunningTrial, readRunningTrials } from '../storage/running-trials.ts';
import type { Store, StudyRecord } from '../storage/store.ts';
import { runningTrialsFile } from '../storage/study-folder.ts';
import { captionedTable, type Markup } from './layout.ts';
import { trainerOf } from './study-facts.ts';
import { curveChart, lossChart, trialsTable } from './trial-views.ts';

/** Trials in training that are listed; over a server there may be hundreds. */
const mostRunning = 20;

/**
 * What a study trains now, with the curves so far; what comes next; and its last trials. While the study
 * runs, the page reads this section again by itself.
 */
export function trainingSection(store: Store, study: StudyRecord): Markup {
  const runs = trainerOf(study) !== undefined;
  const running = runs ? readRunningTrials(runningTrialsFile(store.file, study.name)) : [];
  const waiting = runs ? store.waitingOf(study.id, 8) : [];
  const next = waiting.filter(({ id }) => !running.some(({ candidate }) => candidate === id));
  const trials = store.latestTrialsOf(study.id, 5);
  const follow = `/studies/${study.id}/training`;
  return html`<section aria-labelledby="training" ${runs ? html`data-follow="${follow}"` : ''}><h2 id="training">Training</h2>
${running.length === 0 && next.length === 0 ? html`<p>Nothing is in training.</p>` : ''}
${running.length === 0 ? '' : html`${runningTable(running.slice(0, mostRunning))}${moreText(running.length)}${runningChart(running)}`}
${next.length === 0 ? '' : html`<p>${running.length === 0 ? 'In training, or next' : 'Next'}:</p><ul>${next.map(({ id, expression }) => html`<li><a href="/candidates/${id}"><code>${expression}</code></a></li>`)}</ul>`}
${trials.length === 0 ? '' : html`<h3>Last trials</h3>${curveChart(store, trials)}${trialsTable(trials)}`}</section>`;
}

function runningTable(running: readonly RunningTrial[]): Markup {
  return captionedTable(
    'In training',
    ['Function', 'Child', 'Seed', 'Rung', 'Step', 'Training loss'],
    running.map(
      ({ candidate, expression, child, seed, rung, step, steps, losses }) => html`<tr>
<th scope="row"><a href="/candidates/${candidate}"><code>${expression}</code></a></th>
<td>${child}</td><td class="number">${seed}</td><td class="number">${rung}</td>
<td class="number">${step} of ${steps}</td><td class="number">${losses.at(-1)?.[1]?.toFixed(4) ?? ''}</td></tr>`,
    ),
  );
}

function moreText(count: number): Markup | '' {
  return count > mostRunning ? html`<p>and ${count - mostRunning} more</p>` : '';
}

function runningChart(running: readonly RunningTrial[]): Markup | '' {
  return lossChart(
    'Curves of what is in training',
    running.map(({ expression, child, seed, losses }) => ({
      name: `${expression} on ${child}, seed ${seed}`,
      points: losses.map(([x, y]) => ({ x, y: y ?? Number.NaN })),
    })),
  );
}
