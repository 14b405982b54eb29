import { Command } from 'commander';
import { type ChildRecipe, isCommand } from '../../children/recipe.ts';
import { ActivationSearchError } from '../../errors.ts';
import { silentLogger } from '../../logger.ts';
import { recipeOf } from '../../search/recipes.ts';
import { storedConfig } from '../../search/study-config.ts';
import { Store, type StudyRecord } from '../../storage/store.ts';
import type { Candidate } from '../../study/candidate.ts';
import { compareRepetition, type Repetition } from '../../study/repetition.ts';
import { endedTrial, type Trial } from '../../study/trial.ts';
import { fetchMissingData } from '../../trial/fetch-data.ts';
import { WorkerPool } from '../../trial/pool.ts';
import type { TrialRequest } from '../../trial/protocol.ts';
import { databaseFile } from '../database-option.ts';
import { positiveInteger } from '../options.ts';
import { printJson, printLine } from '../output.ts';
import { formatTable } from '../table.ts';

interface TrialFlags {
  readonly db?: string;
  readonly json?: boolean;
  readonly study?: string;
}

/** `trial list`, `trial show ID`, `trial replay ID`. */
export function trialCommand(): Command {
  const command = new Command('trial').description('Looks at single trainings, and repeats one bit for bit.');
  const database = '--db <file>';
  const databaseText = 'the database (default: runs/activation-search.db)';
  const trialId = positiveInteger(Number.MAX_SAFE_INTEGER);

  command
    .command('list')
    .description('List the trials of a study.')
    .option('--study <name>', 'the study (default: the newest)')
    .option(database, databaseText)
    .option('--json', 'print one JSON document')
    .addHelpText('after', '\nExample:\n  activation-search trial list --study quickstart')
    .action((flags: TrialFlags) => reading(flags, (store) => list(store, flags)));

  command
    .command('show')
    .description('All that is stored of one trial.')
    .argument('<id>', 'number of the trial, as in trial list', trialId)
    .option(database, databaseText)
    .option('--json', 'print one JSON document')
    .addHelpText('after', '\nExample:\n  activation-search trial show 12')
    .action((id: number, flags: TrialFlags) => reading(flags, (store) => show(store, id, flags)));

  command
    .command('replay')
    .description(
      'Train one trial again and compare it with what is stored: bit for bit, or within the tolerance of a command.',
    )
    .argument('<id>', 'number of the trial, as in trial list', trialId)
    .option(database, databaseText)
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      `
Exit code 0 where all is equal, 1 where something differs. Bits are the same on one machine, with the same
versions; "arithmetic" says what is different here.

Example:
  activation-search trial replay 12`,
    )
    .action(replay);
  return command;
}

async function replay(id: number, flags: TrialFlags): Promise<void> {
  const store = Store.open(databaseFile(flags.db), { readonly: true });
  try {
    const trial = trialOf(store, id);
    const candidate = store.candidate(trial.candidateId) as Candidate;
    if (trial.status === 'crashed' || trial.status === 'timed-out') {
      throw new ActivationSearchError(
        'study',
        `trial ${id} ${trial.status}: there is no result to compare with.`,
        {
          hint: 'Replay one that is complete or diverged; see: activation-search trial list',
        },
      );
    }
    const { recipes } = storedConfig(studyOf(store, candidate));
    const recipe = recipeOf(recipes, trial.child);
    await fetchMissingData([recipe], (message) => process.stderr.write(`${message}\n`));
    process.stderr.write(`training ${candidate.expression} on ${trial.child}, seed ${trial.seed}, again …\n`);
    const pool = new WorkerPool({ workers: 1, logger: silentLogger });
    try {
      const request = requestOf(trial, candidate, recipe);
      const repeated = endedTrial(candidate.id, trial.rung, request, await pool.run(request));
      const stored = { trial, learned: store.learnedOf(id), curve: store.curveOf(id) };
      const result = isCommand(recipe)
        ? compareMeasures(trial, repeated.trial, recipe.tolerance)
        : compareRepetition(stored, repeated);
      if (flags.json) printJson({ trial: id, expression: candidate.expression, ...result });
      else printReplay(id, result, isCommand(recipe) ? `within ${recipe.tolerance}` : 'bit for bit');
      process.exitCode = result.equal ? 0 : 1;
    } finally {
      pool.kill();
    }
  } finally {
    store.close();
  }
}

function requestOf(trial: Trial, { expression }: Candidate, recipe: ChildRecipe): TrialRequest {
  const { id, child, seed, steps, activation, precision, timeLimit, earlyStop } = trial;
  return { id, expression, child, recipe, seed, steps, activation, precision, timeLimit, earlyStop };
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
  printLine(formatTable(columns, rows(differences)));
  if (arithmetic.length === 0) {
    printLine(
      how === 'bit for bit'
        ? 'The arithmetic is the same, so the bits should be: this is a defect of activation-search.'
        : `The recipe allows a relative difference ${how}: give it a larger tolerance, or seed all that is random.`,
    );
    return;
  }
  printLine(
    'The arithmetic of this machine is not that of the stored trial, so other last bits are to be expected:',
  );
  printLine(formatTable(columns, rows(arithmetic)));
}

function list(store: Store, { study: named, json }: TrialFlags): void {
  const study = named === undefined ? store.studies().at(-1) : store.study(named);
  if (!study) {
    throw new ActivationSearchError('study', `${store.file} holds no study yet.`, {
      hint: 'Run one: npm start',
    });
  }
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
    typeof accuracy === 'number' ? `${(100 * accuracy).toFixed(2)}%` : '',
    typeof metric === 'number' ? String(Number(metric.toPrecision(5))) : '',
    `${Number(seconds).toFixed(1)} s`,
    String(expression),
  ]);
  const right = { align: 'right' } as const;
  const headings = [
    { heading: 'trial', ...right },
    { heading: 'child' },
    { heading: 'seed', ...right },
    { heading: 'steps', ...right },
    { heading: 'status' },
    { heading: 'accuracy', ...right },
    { heading: 'metric', ...right },
    { heading: 'time', ...right },
    { heading: 'function', flexible: true },
  ];
  printLine(formatTable(headings, cells));
}

function show(store: Store, id: number, { json }: TrialFlags): void {
  const { candidateId, ...trial } = trialOf(store, id);
  const candidate = store.candidate(candidateId) as Candidate;
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

function studyOf(store: Store, { studyId }: Candidate): StudyRecord {
  return store.studies().find(({ id }) => id === studyId) as StudyRecord;
}

function trialOf(store: Store, id: number): Trial {
  const trial = store.trial(id);
  if (trial) return trial;
  throw new ActivationSearchError('study', `there is no trial ${id} in ${store.file}.`, {
    hint: 'See: activation-search trial list',
  });
}

function reading(flags: TrialFlags, read: (store: Store) => void): void {
  const store = Store.open(databaseFile(flags.db), { readonly: true });
  try {
    read(store);
  } finally {
    store.close();
  }
}
