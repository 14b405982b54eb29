import { parse } from '../expression/notation.ts';
import type { Chart } from '../plot/chart.ts';
import { drawChart } from '../plot/draw-chart.ts';
import { styleSheet } from '../plot/theme.ts';
import { commandText } from '../terminal/command-text.ts';
import { durationText } from '../terminal/duration.ts';
import { grouped, percent, plural, short, signed } from '../terminal/numbers.ts';
import { functionHtml, thumbnailHtml } from './card-html.ts';
import type { Group, TestedClaim } from './findings.ts';
import { definitions, Html, inOrder, tableOf, tag } from './html.ts';
import { scoreIntervalText, scoreText } from './interval.ts';
import { knownName } from './known-name.ts';
import { pageStyle } from './page-style.ts';
import { functionChart } from './plots/functions.ts';
import type { Card, StudyReport } from './study-report.ts';
import { blocksText, verdictText } from './verdict-text.ts';

/** A report as one HTML file that asks for nothing from elsewhere and runs no script. */
export function reportPage(report: StudyReport): string {
  const { study } = report;
  const sections: readonly (readonly [id: string, heading: string, content: Html])[] = [
    ['study', 'What was searched', studySection(report)],
    ['counts', 'What became of proposals', countsSection(report)],
    ['leaderboard', 'Leaderboard', leaderboardSection(report)],
    ['functions', 'The best functions', inOrder(report.cards.map(cardSection))],
    ['plots', 'Plots', inOrder(report.plots.map(({ chart }) => inlineChart(chart)))],
    ['findings', "The paper's four findings, tested on this study", findingsSection(report.findings)],
    ['failures', 'Failures and refusals by reason', reasonsSection(report)],
    ['repeat', 'How to repeat it', repeatSection(report)],
  ];
  const links = sections.map(([id, heading]) => tag('li', {}, tag('a', { href: `#${id}` }, heading)));
  const body = [
    tag('header', {}, tag('h1', {}, study.name), tag('p', {}, summary(report))),
    tag('nav', { 'aria-label': 'Contents' }, tag('ol', {}, inOrder(links))),
    tag(
      'main',
      {},
      inOrder(
        sections.map(([id, heading, content]) =>
          tag(
            'section',
            { id, 'aria-labelledby': `${id}-heading` },
            tag('h2', { id: `${id}-heading` }, heading),
            content,
          ),
        ),
      ),
    ),
  ];
  const head = inOrder([
    new Html('<meta charset="utf-8">'),
    new Html('<meta name="viewport" content="width=device-width, initial-scale=1">'),
    new Html(
      `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    ),
    tag('title', {}, `${study.name}: report of activation-search`),
    new Html(`<style>${pageStyle}${styleSheet()}</style>`),
  ]);
  const html = tag('html', { lang: 'en' }, tag('head', {}, head), tag('body', {}, inOrder(body)));
  return `<!doctype html>\n${html.text}\n`;
}

function summary({ study, proposed, ranked, trials }: StudyReport): string {
  const found = `${plural(proposed, 'proposal')}, ${plural(ranked, 'ranked function')}`;
  return `${study.status}; ${found}; ${plural(trials.count, 'trial')} in ${durationText(trials.seconds)} of one worker.`;
}

function studySection({ study }: StudyReport): Html {
  return definitions([
    ['Search space', String(study.space.name ?? 'none: the functions were given')],
    ['Core units', String(study.space.units ?? 'none')],
    ['Controller', study.controller],
    ['Seed', String(study.seed)],
    ['Target', study.target ?? 'none'],
    ['Begun', study.createdAt],
    ['Finished', study.finishedAt ?? 'not yet'],
    ['Running time', durationText(study.seconds)],
  ]);
}

function countsSection({ proposed, counts }: StudyReport): Html {
  const rows = counts.map(({ status, count }) => [status, count, percent(count / proposed)]);
  return tableOf(['status', 'proposals', 'share'], [...rows, ['together', proposed, '']]);
}

function leaderboardSection({ leaders, ranked, verdicts }: StudyReport): Html {
  if (ranked === 0) return tag('p', {}, 'No function has a score yet.');
  const judged = <T>(cells: readonly T[]): readonly T[] => (verdicts.length > 0 ? cells : []);
  const rows = leaders.map((row) => [
    row.rank,
    row.id,
    thumbnailHtml(row.expression),
    row.name ?? knownName(row) ?? '',
    tag('code', {}, row.expression),
    ...judged([row.group, `${verdictText(row)}${row.recommended ? ', recommended' : ''}`, blocksText(row)]),
    row.rung,
    scoreText(row),
    scoreIntervalText(row),
    row.versusRelu === null ? '' : percent(row.versusRelu),
    row.trials,
    row.complexity,
  ]);
  const headings = [
    'rank',
    'id',
    "f and f'",
    'name',
    'function',
    ...judged(['group', 'verdict', 'blocks']),
    'rung',
    'score',
    '95% interval',
    'errors of ReLU',
    'trials',
    'complexity',
  ];
  const more =
    ranked > leaders.length
      ? tag('p', {}, `${grouped(ranked - leaders.length)} more are in the database.`)
      : null;
  const sentences = verdicts.map((sentence) => tag('p', {}, sentence));
  return inOrder([...sentences, tableOf(headings, rows), ...(more ? [more] : [])]);
}

function cardSection({ row, facts, verdict, tested, equalForms, lineage, nanoseconds }: Card): Html {
  const name = row.name ?? knownName(row);
  const heading = `${row.rank}. ${name ? `${name}: ` : ''}${row.expression}`;
  const score = `${scoreText(row)} on rung ${row.rung}, interval ${scoreIntervalText(row)}`;
  return tag(
    'article',
    {},
    tag('h3', {}, heading),
    inlineChart(functionChart({ label: row.expression, expression: parse(row.expression) })),
    functionHtml(facts),
    definitions([
      ['Score', score],
      ...verdict,
      ...tested,
      [
        'Time',
        nanoseconds === null ? 'not measured' : `${short(nanoseconds)} ns an element, forward and backward`,
      ],
      ['Also proposed as', equalForms.length === 0 ? 'nothing else' : equalForms.join('; ')],
      [
        'Earlier functions one choice away',
        lineage.length === 0
          ? 'none'
          : lineage
              .map(
                ({ number, expression, score: own }) =>
                  `${expression} (proposal ${number}, ${signed(own, 3)})`,
              )
              .join(' ← '),
      ],
    ]),
  );
}

function inlineChart(chart: Chart): Html {
  return tag('div', { class: 'table', tabindex: 0 }, new Html(drawChart(chart, { inline: true })));
}

function findingsSection(tested: readonly TestedClaim[]): Html {
  const group = ({ name, count, failed, medianScore }: Group): string => {
    const score = medianScore === null ? 'no score' : `median score ${signed(medianScore, 3)}`;
    return `${name}: ${plural(count, 'function')}, ${grouped(failed)} failed, ${score}`;
  };
  const rows = tested.map(({ claim, having, lacking, better, pValue, verdict }) => [
    claim,
    verdict,
    better === null ? '' : percent(better, 0),
    pValue === null ? '' : short(pValue),
    group(having),
    group(lacking),
  ]);
  return inOrder([
    tag(
      'p',
      {},
      'Mann and Whitney’s test on all trained proposals, failures behind all scores. “Better” says how often a function of the first group is ahead of one of the second. A controller that learns proposes more of what works, so its proposals are no random sample.',
    ),
    tableOf(['claim', 'verdict', 'better', 'p', 'first group', 'second group'], rows),
  ]);
}

function reasonsSection({ counts }: StudyReport): Html {
  const rows = counts.flatMap(({ status, reasons, otherReasons }) => [
    ...reasons.map(({ reason, count, example }) => [status, reason, count, tag('code', {}, example)]),
    ...(otherReasons > 0 ? [[status, 'other reasons', otherReasons, '']] : []),
  ]);
  if (rows.length === 0) return tag('p', {}, 'Nothing failed and nothing was refused.');
  return tableOf(['status', 'reason', 'proposals', 'example'], rows);
}

function repeatSection({ study, settings, arithmetic }: StudyReport): Html {
  const versions = Object.entries(study.versions).map(([what, version]) => `${what} ${version}`);
  const command = commandText(['search', `${study.name}.yaml`]);
  return inOrder([
    ...(settings === null
      ? [
          tag(
            'p',
            {},
            'The settings are in the view studies: of functions that were given, or of another version of activation-search.',
          ),
        ]
      : [
          tag('p', {}, 'Save these settings as a file and run: ', tag('code', {}, command)),
          tag('pre', { tabindex: 0 }, settings),
        ]),
    definitions([
      ['Versions', versions.join(', ') || 'unknown'],
      ['Revision', study.gitRevision ?? 'unknown'],
      ['Arithmetic', arithmetic.join('; ') || 'unknown'],
    ]),
  ]);
}
