import { Command } from 'commander';
import { ActivationSearchError, suggestion } from '../../errors.ts';
import { filterLeaderboard, type LeaderboardFilter } from '../../report/leaderboard-filter.ts';
import { leaderboardTable, rungsOf } from '../../report/leaderboard-table.ts';
import { leaderboardFields, leaderboardMarkdown, leaderboardValues } from '../../report/leaderboard-text.ts';
import { terminal } from '../../report/terminal.ts';
import { type LeaderboardRow, Store, type StudyRecord } from '../../storage/store.ts';
import { databaseFile } from '../database-option.ts';
import { positiveInteger } from '../options.ts';
import { printJson, printLine, toCsv } from '../output.ts';

const formats = ['table', 'json', 'csv', 'markdown'] as const;
type Format = (typeof formats)[number];

interface LeaderboardOptions extends LeaderboardFilter {
  readonly study?: string;
  readonly db?: string;
  readonly format?: string;
  readonly json?: boolean;
  readonly csv?: boolean;
  readonly markdown?: boolean;
}

/** Rows of a table where --top does not say; other formats give all. */
const usualTop = 20;

/** `leaderboard`. */
export function leaderboardCommand(): Command {
  return new Command('leaderboard')
    .description('Shows the ranking of a study: its baselines and the functions it found.')
    .option('--study <name>', 'the study (default: the newest)')
    .option(
      '--top <n>',
      `at most so many rows (default: ${usualTop} in a table, else all)`,
      positiveInteger(),
    )
    .option('--status <status...>', 'only complete, diverged, stopped-early, timed-out or crashed ones')
    .option('--contains <operator...>', 'only formulas with these operators, such as sin')
    .option('--gated', 'only functions of the form b(x, g(x))')
    .option('--kind <kind>', 'only baseline or proposed ones')
    .option('--max-complexity <n>', 'only formulas of at most so many nodes', positiveInteger())
    .option('--format <format>', 'table, json, csv or markdown (default: table)')
    .option('--json', 'same as --format json')
    .option('--csv', 'same as --format csv')
    .option('--markdown', 'same as --format markdown')
    .option('--db <file>', 'the database (default: runs/activation-search.db)')
    .addHelpText(
      'after',
      `
Examples:
  activation-search leaderboard
  activation-search leaderboard --study quickstart --top 10 --json
  activation-search leaderboard --contains sin --gated --kind proposed`,
    )
    .action(run);
}

function run(options: LeaderboardOptions): void {
  const format = formatOf(options);
  const store = Store.open(databaseFile(options.db), { readonly: true });
  try {
    const study = options.study === undefined ? newestStudy(store, format) : store.study(options.study);
    const all = store.leaderboard(study.name);
    const top = options.top ?? (format === 'table' ? usualTop : undefined);
    const rows = filterLeaderboard(all, { ...options, ...(top === undefined ? {} : { top }) });
    if (format === 'table') printTable(study, all, rows);
    else if (format === 'markdown') process.stdout.write(leaderboardMarkdown(rows, rungsOf(all)));
    else print[format](rows);
  } finally {
    store.close();
  }
}

const print: Readonly<
  Record<Exclude<Format, 'table' | 'markdown'>, (rows: readonly LeaderboardRow[]) => void>
> = {
  json: printJson,
  csv: (rows) => process.stdout.write(toCsv(leaderboardFields, rows.map(leaderboardValues))),
};

function printTable(
  study: StudyRecord,
  all: readonly LeaderboardRow[],
  rows: readonly LeaderboardRow[],
): void {
  const screen = terminal();
  const shown = rows.length < all.length ? `, ${rows.length} of them here` : '';
  const count = `${all.length} functions trained${shown}`;
  printLine(`${screen.colors.bold(study.name)} (${study.status}): ${count}`);
  if (all.length === 0) printLine('No function is scored yet.');
  else if (rows.length === 0) printLine('None of them passes these filters.');
  else for (const line of leaderboardTable(rows, screen, rungsOf(all))) printLine(line);
}

function newestStudy(store: Store, format: Format): StudyRecord {
  const studies = store.studies();
  const newest = studies.at(-1);
  if (!newest) {
    throw new ActivationSearchError('study', `${store.file} holds no study yet.`, {
      hint: 'Run one: npm start, or activation-search search',
    });
  }
  if (studies.length > 1) {
    const says = `study ${newest.name}, the newest of ${studies.length}; another with --study NAME`;
    if (format === 'table') printLine(says);
    else process.stderr.write(`${says}\n`);
  }
  return newest;
}

function formatOf(options: LeaderboardOptions): Format {
  const chosen = new Set(formats.filter((format) => format !== 'table' && options[format]));
  if (options.format !== undefined) {
    if (!(formats as readonly string[]).includes(options.format)) {
      throw new ActivationSearchError('usage', `unknown format "${options.format}".`, {
        hint: suggestion(options.format, formats),
      });
    }
    chosen.add(options.format as Format);
  }
  if (chosen.size > 1) {
    throw new ActivationSearchError('usage', `one format at a time: ${[...chosen].join(' or ')}.`);
  }
  return [...chosen][0] ?? 'table';
}
