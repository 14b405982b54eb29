import { relative } from 'node:path';
import pc from 'picocolors';
import { defaultDatabase } from '../paths.ts';
import { leaderboardTable } from '../report/leaderboard-table.ts';
import { terminal } from '../report/terminal.ts';
import type { EndReason, StudyEvent, TargetReport } from '../search/events.ts';
import type { StudyConfig } from '../search/study-config.ts';
import type { Store } from '../storage/store.ts';
import { hasFinals } from '../study/ladder.ts';
import { printLine } from './output.ts';
import { countsText, formatSeconds, signed } from './study-progress.ts';

const rowsShown = 20;

const reasons: Readonly<Record<EndReason, string>> = {
  candidates: 'all the candidates asked for are evaluated',
  time: 'its time is up',
  exhausted: 'the space is exhausted: nothing new is left to propose',
  target: 'the target was found',
  stopped: 'stopped; all finished work is stored',
};

/**
 * The leaderboard of a study that ended or was left, what became of its target, and, unless `quiet`, how it
 * ended and where to go from here.
 */
export function printEnd(store: Store, end: StudyEnd, config: StudyConfig, quiet: boolean): void {
  const { study, counts } = end;
  if (!quiet) {
    printLine();
    printLine(`${pc.bold(study)}: ${reasons[end.reason]}, after ${formatSeconds(end.seconds)}.`);
    printLine(`${counts.proposed} proposed: ${countsText(counts)}.`);
    printLine();
  }
  const rows = store.leaderboard(study);
  for (const line of leaderboardTable(rows.slice(0, rowsShown), terminal(), config.rungs.length))
    printLine(line);
  if (rows.length > rowsShown) printLine(pc.dim(`and ${rows.length - rowsShown} more`));
  for (const sentence of targetSentences(end.target)) printLine(sentence);
  if (quiet) return;
  printLine();
  printLine('Next:');
  const db = store.file === defaultDatabase ? '' : ` --db ${quoted(shownPath(store.file))}`;
  for (const [command, what] of nextSteps(end, config, rows[0]?.id)) {
    printLine(`  npx activation-search ${command}${db}   ${pc.dim(what)}`);
  }
}

type StudyEnd = Extract<StudyEvent, { event: 'end' }>;
type NextStep = readonly [command: string, what: string];

function nextSteps({ study, reason }: StudyEnd, config: StudyConfig, best: number | undefined): NextStep[] {
  const further: Partial<Record<EndReason, NextStep>> = {
    stopped: [`resume ${study}`, 'go on where it stopped'],
    time: [`resume ${study} --time ${doubled(config.time)}`, 'go on for longer'],
    // Who came to the finals was chosen among all: such a study is at its end.
    ...(hasFinals(config.rungs)
      ? {}
      : { candidates: [`resume ${study} --candidates ${2 * (config.candidates ?? 0)}`, 'go on for longer'] }),
  };
  const first = further[reason];
  return [
    ...(first ? [first] : []),
    [`leaderboard --study ${study} --top 100`, 'more of it; also as JSON, CSV or Markdown'],
    ...(best === undefined ? [] : [[`show ${best}`, 'all about the best function'] as const]),
    [`query "SELECT * FROM trials WHERE study = '${study}' LIMIT 5"`, 'ask anything, in SQL'],
  ];
}

/** What became of the function looked for. */
export function targetSentences(target: TargetReport | null): readonly string[] {
  if (!target) return [];
  if (target.found.length === 0) return [`The target ${target.formula} was not proposed.`];
  return target.found.map(({ match, number, expression, rank, ranked, score, status }) => {
    const how = match === 'equal' ? 'is equal to' : 'is equal, where all parameters are 1, to';
    const place =
      rank === null || score === null
        ? `it is ${status} and has no rank`
        : `rank ${rank} of the ${ranked} candidates with a score (${signed(score)})`;
    return `Candidate ${number}, ${expression}, ${how} the target ${target.formula}: ${place}.`;
  });
}

function doubled(seconds: number | null): string {
  return `${Math.max(1, Math.round((2 * (seconds ?? 300)) / 60))}m`;
}

function shownPath(file: string): string {
  const path = relative(process.cwd(), file);
  return path.startsWith('..') ? file : path;
}

function quoted(path: string): string {
  return /^[\w@%+=:,./-]+$/.test(path) ? path : `"${path}"`;
}
