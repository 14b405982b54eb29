import { Command } from 'commander';
import { ActivationSearchError, suggestion } from '../../errors.ts';
import { filterLeaderboard, type LeaderboardFilter } from '../../report/leaderboard-filter.ts';
import { leaderboardLatex } from '../../report/leaderboard-latex.ts';
import { leaderboardTable, rungsOf } from '../../report/leaderboard-table.ts';
import {
  describedRow,
  leaderboardFields,
  leaderboardMarkdown,
  leaderboardValues,
} from '../../report/leaderboard-text.ts';
import { verdictSentences } from '../../report/verdict-text.ts';
import type { LeaderboardRow, StudyRecord } from '../../storage/store.ts';
import { csvText } from '../../terminal/csv.ts';
import { screenOf } from '../../terminal/screen.ts';
import { positiveInteger } from '../options.ts';
import { printJson, printLine } from '../output.ts';
import {
  databaseOption,
  namedOrNewestStudy,
  readStore,
  type StoreFlags,
  studyOption,
} from '../store-access.ts';

interface LeaderboardFlags extends LeaderboardFilter, StoreFlags {
  readonly format?: string;
  readonly csv?: boolean;
  readonly markdown?: boolean;
  readonly latex?: boolean;
}

/** Rows of a table where --top does not say; other formats give all. */
const usualTop = 20;

/** `leaderboard`. */
export function leaderboardCommand(): Command {
  return new Command('leaderboard')
    .description('Shows the ranking of a study: its baselines and the functions it found.')
    .addOption(studyOption())
    .option(
      '--top <n>',
      `at most this many rows (default: ${usualTop} in a table, else all)`,
      positiveInteger(),
    )
    .option('--status <status...>', 'only complete, diverged, stopped-early, timed-out or crashed ones')
    .option('--contains <name...>', 'only functions with these operators or primitives, such as sin')
    .option('--form <form>', 'only functions of this form, such as "x*g(x)"; see docs/database.md')
    .option('--gated', 'same as --form "b(x, g(x))"')
    .option('--kind <kind>', 'only baseline or proposed ones')
    .option('--max-complexity <n>', 'only formulas of at most this many nodes', positiveInteger())
    .option('--ahead-of <function>', 'only those with a better rank than this name, id or formula')
    .option('--format <format>', 'table, json, csv, markdown or latex (default: table)')
    .option('--json', 'same as --format json')
    .option('--csv', 'same as --format csv')
    .option('--markdown', 'same as --format markdown')
    .option('--latex', 'same as --format latex, for booktabs')
    .addOption(databaseOption())
    .addHelpText(
      'after',
      `
The number under "id" is the one that show takes: npx activation-search show 12

Examples:
  npx activation-search leaderboard
  npx activation-search leaderboard --study quickstart --top 10 --json
  npx activation-search leaderboard --contains sin --form "b(x, g(x))" --max-complexity 6
  npx activation-search leaderboard --form "x*g(x)" --ahead-of ReLU
  npx activation-search leaderboard --kind proposed --top 5 --latex > table.tex`,
    )
    .action(showLeaderboard);
}

async function showLeaderboard(flags: LeaderboardFlags): Promise<void> {
  const format = formatOf(flags);
  await readStore(flags, (store) => {
    const study = namedOrNewestStudy(store, flags.study);
    const all = store.leaderboard(study.name);
    const top = flags.top ?? (format === 'table' ? usualTop : undefined);
    const filter = { ...flags, ...(top === undefined ? {} : { top }) };
    const rows = filterLeaderboard(all, filter, () => store.primitivesOf(study.name));
    writers[format](rows, all, study);
  });
}

type BoardWriter = (
  rows: readonly LeaderboardRow[],
  all: readonly LeaderboardRow[],
  study: StudyRecord,
) => void;

const writers = {
  table: printTable,
  json: (rows, all) => printJson(rows.map((row) => describedRow(row, all))),
  csv: (rows, all) => {
    const values = rows.map((row) => leaderboardValues(describedRow(row, all)));
    process.stdout.write(csvText([leaderboardFields, ...values]));
  },
  markdown: (rows, all) => process.stdout.write(leaderboardMarkdown(rows, rungsOf(all))),
  latex: (rows, all) => process.stdout.write(leaderboardLatex(rows, rungsOf(all))),
} satisfies Record<string, BoardWriter>;

type Format = keyof typeof writers;
const formats = Object.keys(writers) as readonly Format[];

function printTable(
  rows: readonly LeaderboardRow[],
  all: readonly LeaderboardRow[],
  study: StudyRecord,
): void {
  const screen = screenOf();
  const shown = rows.length < all.length ? `, ${rows.length} of them here` : '';
  printLine(`${screen.colors.bold(study.name)} (${study.status}): ${all.length} functions trained${shown}`);
  if (all.length === 0) printLine('No function is scored yet.');
  else if (rows.length === 0) printLine('None of them passes these filters.');
  else {
    for (const line of leaderboardTable(rows, screen, rungsOf(all))) printLine(line);
    for (const sentence of verdictSentences(all, study)) printLine(sentence);
  }
}

function formatOf(flags: LeaderboardFlags): Format {
  const chosen = new Set(formats.filter((format) => format !== 'table' && flags[format]));
  if (flags.format !== undefined) {
    const named = formats.find((format) => format === flags.format);
    if (named === undefined) {
      throw new ActivationSearchError('usage', `unknown format "${flags.format}".`, {
        hint: suggestion(flags.format, formats),
      });
    }
    chosen.add(named);
  }
  if (chosen.size > 1) {
    throw new ActivationSearchError('usage', `one format at a time: ${[...chosen].join(' or ')}.`);
  }
  return [...chosen][0] ?? 'table';
}
