import { html } from 'hono/html';
import { scoreIntervalText, scoreText, withClipped } from '../report/interval.ts';
import { verdictText } from '../report/verdict-text.ts';
import { type CandidatePage, type PageOrder, pageOrders } from '../storage/candidate-pages.ts';
import type { JudgedCandidate, LeaderboardRow, Store, StudyRecord } from '../storage/store.ts';
import type { Candidate } from '../study/candidate.ts';
import { type CandidateStatus, trialStatuses, untrainedStatuses } from '../study/statuses.ts';
import { percent } from '../terminal/numbers.ts';
import { formulaPicture } from './formula-picture.ts';
import { captionedTable, type Markup } from './layout.ts';

const rowsOfPage = 25;
const statuses: readonly CandidateStatus[] = [...trialStatuses, ...untrainedStatuses];

/** Which candidates are shown, as the address says. */
export interface Choice {
  readonly order: PageOrder;
  readonly status: CandidateStatus | undefined;
  readonly gated: boolean;
  /** A function such as `sin` that formulas contain. */
  readonly contains: string;
  readonly after: number | undefined;
  /** How many of the order lie before this page. */
  readonly before: number;
}

/** The choice of an address; whatever it does not know counts as not given. */
export function choiceOf(query: URLSearchParams): Choice {
  const contains = query.get('contains') ?? '';
  return {
    order: pageOrders.find((order) => order === query.get('order')) ?? 'rank',
    status: statuses.find((status) => status === query.get('status')),
    gated: query.get('gated') === 'yes',
    contains: /^[a-z]\w{0,30}$/.test(contains) ? contains : '',
    after: positive(query.get('after')),
    before: positive(query.get('before')) ?? 0,
  };
}

function positive(text: string | null): number | undefined {
  return text !== null && /^[1-9]\d{0,14}$/.test(text) ? Number(text) : undefined;
}

/** One page of a study's candidates with what chooses them. */
export function leaderboardSection(
  store: Store,
  study: StudyRecord,
  judged: readonly JudgedCandidate[],
  choice: Choice,
): Markup {
  const { order, status, gated, contains, after, before } = choice;
  const word = contains === '' ? undefined : new RegExp(`\\b${contains}\\(`);
  const page = store.pageOf(study.id, {
    order,
    ...(status === undefined ? {} : { status }),
    ...(after === undefined ? {} : { after }),
    count: rowsOfPage,
    accepts: (candidate) => (!gated || candidate.gated) && (word?.test(candidate.expression) ?? true),
  });
  const verdicts = new Map(judged.map((one) => [one.id, one]));
  return html`<section aria-labelledby="leaderboard"><h2 id="leaderboard">Leaderboard</h2>
${chooser(choice)}
${
  page.rows.length === 0
    ? html`<p>No candidate of this kind ${page.next === null ? 'is there' : 'among those looked at so far'}.</p>`
    : captionedTable(
        'Candidates',
        [
          'Rank',
          'Function',
          "f and f'",
          ...(judged.length > 0 ? ['Group', 'Verdict'] : []),
          'Score',
          '95% interval',
          'Errors of ReLU',
          'Rung',
          'Complexity',
          'Status',
        ],
        page.rows.map(({ place, candidate }) =>
          row(
            withClipped(study, candidate),
            order === 'rank' && candidate.status === 'complete' ? before + place : null,
            judged.length > 0 ? verdictCells(verdicts.get(candidate.id)) : '',
          ),
        ),
      )
}
${pager(page, choice)}</section>`;
}

function row(
  candidate: Candidate & Pick<LeaderboardRow, 'clipped'>,
  rank: number | null,
  verdict: Markup | '',
): Markup {
  const { id, name, expression, versusRelu, rung, complexity, status, reason } = candidate;
  return html`<tr><td class="number">${rank ?? ''}</td>
<th scope="row"><a href="/candidates/${id}">${name === null ? '' : `${name}: `}<code>${expression}</code></a></th>
<td>${formulaPicture(expression)}</td>${verdict}
<td class="number">${scoreText(candidate)}</td>
<td class="number">${scoreIntervalText(candidate)}</td>
<td class="number">${versusRelu === null ? '' : percent(versusRelu)}</td>
<td class="number">${rung ?? ''}</td><td class="number">${complexity}</td>
<td>${status}${reason === null ? '' : html`<br><small>${reason}</small>`}</td></tr>`;
}

function verdictCells(judged: JudgedCandidate | undefined): Markup {
  if (!judged) return html`<td></td><td></td>`;
  return html`<td class="number">${judged.group ?? ''}</td>
<td>${verdictText(judged)}${judged.recommended ? html`<br><strong>recommended</strong>` : ''}</td>`;
}

function chooser({ order, status, gated, contains }: Choice): Markup {
  const option = (value: string, text: string, chosen: boolean): Markup =>
    html`<option value="${value}" ${chosen ? 'selected' : ''}>${text}</option>`;
  return html`<form method="get" class="choices" action="#leaderboard">
<label>Order <select name="order">${pageOrders.map((one) => option(one, one, one === order))}</select></label>
<label>Status <select name="status">${option('', 'any', status === undefined)}${statuses.map((one) => option(one, one, one === status))}</select></label>
<label>Contains <input name="contains" value="${contains}" size="10" placeholder="sin" pattern="[a-z][a-z0-9_]*"></label>
<label><input type="checkbox" name="gated" value="yes" ${gated ? 'checked' : ''}> b(x, g(x)) only</label>
<button>Show</button></form>`;
}

function pager({ next, examined }: CandidatePage, choice: Choice): Markup {
  const { order, status, gated, contains, after, before } = choice;
  const query = new URLSearchParams({
    order,
    ...(status === undefined ? {} : { status }),
    ...(gated ? { gated: 'yes' } : {}),
    ...(contains === '' ? {} : { contains }),
  });
  const following = new URLSearchParams(query);
  following.set('after', String(next));
  following.set('before', String(before + examined));
  return html`<nav class="pager" aria-label="Pages of the leaderboard">
${after === undefined ? '' : html`<a rel="first" href="?${query.toString()}#leaderboard">First page</a>`}
${next === null ? '' : html`<a rel="next" href="?${following.toString()}#leaderboard">Next page</a>`}</nav>`;
}
