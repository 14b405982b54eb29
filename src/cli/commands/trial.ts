import { Command } from 'commander';
import { isScript } from '../../children/recipe.ts';
import { ActivationSearchError } from '../../errors.ts';
import { silentLogger } from '../../logger.ts';
import { recipeOf } from '../../search/recipes.ts';
import { storedConfig } from '../../search/study-config.ts';
import { candidateOf, studyOf } from '../../storage/left-behind.ts';
import type { Store } from '../../storage/store.ts';
import { compareMeasures, compareRepetition, type Repetition } from '../../study/repetition.ts';
import { endedTrial, type Trial } from '../../study/trial.ts';
import { commandText } from '../../terminal/command-text.ts';
import { percent, short } from '../../terminal/numbers.ts';
import { screenOf } from '../../terminal/screen.ts';
import { type Column, tableText } from '../../terminal/table.ts';
import { fetchMissingData } from '../../trial/fetch-data.ts';
import { WorkerPool } from '../../trial/pool.ts';
import { positiveInteger } from '../options.ts';
import { printJson, printLine, printNote } from '../output.ts';
import { repeatRequest } from '../repeat-request.ts';
import {
  databaseOption,
  jsonOption,
  namedOrNewestStudy,
  readStore,
  type StoreFlags,
  studyOption,
} from '../store-access.ts';
import { expectSubcommand } from '../subcommands.ts';

/** `trial list`, `trial show ID`, `trial replay ID`. */
export function trialCommand(): Command {
  const command = new Command('trial').description('Looks at single trainings, and repeats one bit for bit.');
  const trialId = positiveInteger(Number.MAX_SAFE_INTEGER);

  command
    .command('list')
    .description('List the trials of a study.')
    .addOption(studyOption())
    .addOption(databaseOption())
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  npx activation-search trial list --study quickstart')
    .action((flags: StoreFlags) => readStore(flags, (store) => list(store, flags)));

  command
    .command('show')
    .description('Show all that is stored of one trial.')
    .argument('<id>', 'number of the trial, as in trial list', trialId)
    .addOption(databaseOption())
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  npx activation-search trial show 12')
    .action((id: number, flags: StoreFlags) => readStore(flags, (store) => show(store, id, flags)));

  command
    .command('replay')
    .description(
      'Train one trial again and compare it with what is stored: bit for bit, or within the tolerance of a command.',
    )
    .argument('<id>', 'number of the trial, as in trial list', trialId)
    .addOption(databaseOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Exit code 0 if all is equal, 1 if something differs. Results repeat bit for bit on the same machine with the same
versions; "arithmetic" lists what is different here.

Example:
  npx activation-search trial replay 12`,
    )
    .action(replay);
  return expectSubcommand(command);
}

async function replay(id: number, flags: StoreFlags): Promise<void> {
  await readStore(flags, async (store) => {
    const trial = trialOf(store, id);
    if (trial.status === 'crashed' || trial.status === 'timed-out') {
      throw new ActivationSearchError(
        'study',
        `trial ${id} ${trial.status}: there is no result to compare with.`,
        {
          hint: `Replay one that is complete or diverged; see: ${commandText(['trial', 'list'], store.file)}`,
        },
      );
    }
    const candidate = candidateOf(store, trial);
    const recipe = recipeOf(storedConfig(studyOf(store, candidate)).recipes, trial.child);
    await fetchMissingData([recipe], printNote);
    printNote(`training ${candidate.expression} on ${trial.child}, seed ${trial.seed}, again …`);
    const pool = new WorkerPool({ workers: 1, logger: silentLogger });
    try {
      const request = repeatRequest(trial, candidate, recipe);
      const repeated = endedTrial(candidate.id, trial.rung, request, await pool.run(request));
      const stored = { trial, learned: store.learnedOf(id), curve: store.curveOf(id) };
      const result = isScript(recipe)
        ? compareMeasures(trial, repeated.trial, recipe.tolerance)
        : compareRepetition(stored, repeated);
      if (flags.json) printJson({ trial: id, expression: candidate.expression, ...result });
      else printReplay(id, result, isScript(recipe) ? `within ${recipe.tolerance}` : 'bit for bit');
      process.exitCode = result.equal ? 0 : 1;
    } finally {
      pool.kill();
    }
  });
}

function printReplay(id: number, { equal, differences, arithmetic }: Repetition, how: string): void {
  if (equal) {
    printLine(`trial ${id}: equal, ${how}`);
    return;
  }
  printLine(`trial ${id}: differs`);
  const rows = (list: Repetition['differences']) =>
    list.map(({ what, stored, now }) => [`  ${what}`, stored, now]);
  const columns = [{ heading: '  what' }, { heading: 'stored' }, { heading: 'now' }];
  printLine(tableText(columns, rows(differences), screenOf()));
  if (arithmetic.length === 0) {
    printLine(
      how === 'bit for bit'
        ? 'The arithmetic is the same, so the bits should be: this is a defect of activation-search.'
        : `The recipe allows a relative difference ${how}: give it a larger tolerance, or seed all that is random.`,
    );
    return;
  }
  printLine(
    'The arithmetic of this machine differs from that of the stored trial, so the last bits may differ:',
  );
  printLine(tableText(columns, rows(arithmetic), screenOf()));
}

function list(store: Store, { study: named, json }: StoreFlags): void {
  const study = namedOrNewestStudy(store, named);
  const { columns, rows } = store.query(
    `SELECT id, candidate, expression, rung, child, seed, steps, status, validation_accuracy, validation_loss, metric, seconds
     FROM trials WHERE study = ? ORDER BY id`,
    [study.name],
  );
  const all = [...rows];
  if (json) {
    printJson(all.map((row) => Object.fromEntries(columns.map((column, index) => [column, row[index]]))));
    return;
  }
  const cells = all.map(([id, , expression, , child, seed, steps, status, accuracy, , metric, seconds]) => [
    String(id),
    String(child),
    String(seed),
    String(steps),
    String(status),
    typeof accuracy === 'number' ? percent(accuracy, 2) : '',
    typeof metric === 'number' ? short(metric) : '',
    `${Number(seconds).toFixed(1)} s`,
    String(expression),
  ]);
  const right = { align: 'right' } as const;
  const headings: readonly Column[] = [
    { heading: 'trial', ...right },
    { heading: 'child', leaves: 4 },
    { heading: 'seed', ...right, leaves: 3 },
    { heading: 'steps', ...right, leaves: 2 },
    { heading: 'status', leaves: 5 },
    { heading: 'accuracy', ...right, optional: true, leaves: 6 },
    { heading: 'metric', ...right, optional: true, leaves: 7 },
    { heading: 'time', ...right, leaves: 1 },
    { heading: 'function', narrow: 'wrap' },
  ];
  printLine(tableText(headings, cells, screenOf()));
}

function show(store: Store, id: number, { json }: StoreFlags): void {
  const found = trialOf(store, id);
  const { candidateId, ...trial } = found;
  const candidate = candidateOf(store, found);
  const whole = {
    ...trial,
    candidate: candidateId,
    expression: candidate.expression,
    curve: store.curveOf(id),
  };
  if (json) {
    printJson(whole);
    return;
  }
  const text = (value: unknown): string =>
    typeof value === 'object' ? JSON.stringify(value) : String(value);
  for (const [key, value] of Object.entries(whole))
    if (value !== null) printLine(`${key.padEnd(19)} ${text(value)}`);
}

function trialOf(store: Store, id: number): Trial {
  const trial = store.trial(id);
  if (trial) return trial;
  throw new ActivationSearchError('study', `there is no trial ${id} in ${store.file}.`, {
    hint: `See: ${commandText(['trial', 'list'], store.file)}`,
  });
}
