import { relative } from 'node:path';
import pc from 'picocolors';
import { defaultDatabase } from '../paths.ts';
import { leaderboardTable } from '../report/leaderboard-table.ts';
import { terminal } from '../report/terminal.ts';
import type { EndReason, StudyEvent, TargetReport } from '../search/events.ts';
import type { StudyConfig } from '../search/study-config.ts';
import type { Store } from '../storage/store.ts';
import { printLine } from './output.ts';
import { countsText, formatSeconds, signed } from './study-progress.ts';

const rowsShown = 20;

const reasons: Readonly<Record<EndReason, string>> = {
  trials: 'all the trials asked for are done',
  time: 'its time is up',
  exhausted: 'the space is exhausted: nothing new is left to propose',
  target: 'the target was found',
  stopped: 'stopped; all finished work is stored',
};

/** The leaderboard of a study that ended or was left, what became of its target, and where to go from here. */
export function printEnd(
  store: Store,
  end: Extract<StudyEvent, { event: 'end' }>,
  config: StudyConfig,
): void {
  const { study, counts } = end;
  printLine();
  printLine(`${pc.bold(study)}: ${reasons[end.reason]}, after ${formatSeconds(end.seconds)}.`);
  printLine(`${counts.proposed} proposed: ${countsText(counts)}.`);
  printLine();
  for (const line of leaderboardTable(store.leaderboard(study).slice(0, rowsShown), terminal()))
    printLine(line);
  for (const sentence of targetSentences(end.target)) printLine(sentence);
  printLine();
  const db = store.file === defaultDatabase ? '' : ` --db ${shownPath(store.file)}`;
  const next: [string, string][] = [
    [`leaderboard --study ${study}${db}`, 'all of it, as table, JSON, CSV or Markdown'],
    [`show "x*sigmoid(x)"${db}`, 'all about one function'],
    [`query "SELECT * FROM leaderboard LIMIT 5"${db}`, 'ask anything, in SQL'],
  ];
  if (end.reason === 'stopped') next.unshift([`resume ${study}${db}`, 'go on where it stopped']);
  if (end.reason === 'time')
    next.unshift([`resume ${study} --time ${doubled(config.time)}${db}`, 'go on for longer']);
  if (end.reason === 'trials') {
    next.unshift([`resume ${study} --trials ${2 * (config.trials ?? 0)}${db}`, 'go on for longer']);
  }
  printLine('Next:');
  for (const [command, what] of next) printLine(`  npx activation-search ${command}   ${pc.dim(what)}`);
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
