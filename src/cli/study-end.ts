import { leaderboardTable } from '../report/leaderboard-table.ts';
import { verdictSentences } from '../report/verdict-text.ts';
import type { EndReason, StudyEvent, TargetReport } from '../search/events.ts';
import type { StudyConfig } from '../search/study-config.ts';
import type { LeaderboardRow, Store } from '../storage/store.ts';
import { hasFinals } from '../study/ladder.ts';
import { commandText } from '../terminal/command-text.ts';
import { durationText } from '../terminal/duration.ts';
import { signed } from '../terminal/numbers.ts';
import { screenOf } from '../terminal/screen.ts';
import { printLine } from './output.ts';
import { countsText } from './study-text.ts';

/** The end of a study as its last event describes it. */
export type StudyEnd = Extract<StudyEvent, { event: 'end' }>;

const rowsShown = 20;

const reasons: Readonly<Record<EndReason, string>> = {
  candidates: 'all the candidates asked for are evaluated',
  time: 'its time is up',
  exhausted: 'the space is exhausted: nothing new is left to propose',
  target: 'the target was found',
  stopped: 'stopped; all finished work is stored',
};

/**
 * Prints the leaderboard of a study that ended or was left, what became of its target, and, unless `quiet`,
 * how it ended and where to go from here.
 */
export function printEnd(store: Store, end: StudyEnd, config: StudyConfig, quiet: boolean): void {
  const { study, counts } = end;
  const screen = screenOf();
  const { colors } = screen;
  if (!quiet) {
    printLine();
    printLine(`${colors.bold(study)}: ${reasons[end.reason]}, after ${durationText(end.seconds)}.`);
    printLine(`${countsText(counts)}.`);
    printLine();
  }
  const rows = store.leaderboard(study);
  for (const line of leaderboardTable(rows.slice(0, rowsShown), screen, config.rungs.length)) printLine(line);
  if (rows.length > rowsShown) printLine(colors.dim(`and ${rows.length - rowsShown} more`));
  for (const sentence of verdictSentences(rows, store.study(study))) printLine(sentence);
  for (const sentence of targetSentences(end.target)) printLine(sentence);
  if (quiet) return;
  printLine();
  printLine('Next:');
  for (const [words, what] of nextSteps(end, config, rows)) {
    printLine(`  ${commandText(words, store.file)}   ${colors.dim(what)}`);
  }
}

type NextStep = readonly [words: readonly string[], what: string];

function nextSteps(
  { study, reason }: StudyEnd,
  config: StudyConfig,
  rows: readonly LeaderboardRow[],
): NextStep[] {
  const further: Partial<Record<EndReason, NextStep>> = {
    stopped: [['resume', study], 'go on where it stopped'],
    time: [['resume', study, '--time', doubled(config.time)], 'go on for longer'],
    // The finalists were chosen among all candidates, so such a study is at its end.
    ...(hasFinals(config.rungs)
      ? {}
      : {
          candidates: [
            ['resume', study, '--candidates', String(2 * (config.candidates ?? 0))],
            'go on for longer',
          ],
        }),
  };
  const first = further[reason];
  const best =
    rows.find(({ recommended }) => recommended) ??
    rows.find(({ kind, rank }) => kind === 'proposed' && rank !== null);
  return [
    ...(first ? [first] : []),
    [['leaderboard', '--study', study, '--top', '100'], 'more of it; also as JSON, CSV or Markdown'],
    ...(best ? [[['show', best.expression, '--study', study], 'all about the best find'] as const] : []),
    [['query', `SELECT * FROM trials WHERE study = '${study}' LIMIT 5`], 'ask anything, in SQL'],
  ];
}

/** What became of the function looked for. */
function targetSentences(target: TargetReport | null): readonly string[] {
  if (!target) return [];
  if (target.found.length === 0) return [`The target ${target.formula} was not proposed.`];
  return target.found.map(({ match, id, expression, rank, ranked, score, status }) => {
    const how = match === 'equal' ? 'is equal to' : 'is equal, where all parameters are 1, to';
    const place =
      rank === null || score === null
        ? `it is ${status} and has no rank`
        : `rank ${rank} of the ${ranked} candidates with a score (${signed(score)})`;
    return `Candidate ${id}, ${expression}, ${how} the target ${target.formula}: ${place}.`;
  });
}

function doubled(seconds: number | null): string {
  return `${Math.max(1, Math.round((2 * (seconds ?? 300)) / 60))}m`;
}
