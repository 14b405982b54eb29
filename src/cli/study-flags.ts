import { type Command, InvalidArgumentError, Option } from 'commander';
import { ActivationSearchError } from '../errors.ts';
import { renamedKeys, type StudyFileInput } from '../search/study-file.ts';
import { isNameOrPath, ListOption } from './list-option.ts';
import { duration, positiveInteger, seedNumber } from './options.ts';

/** The flags that say what to search and how; each is a key of the study file too. */
export interface StudyFlags {
  readonly study?: string;
  readonly space?: string;
  readonly units?: number;
  readonly controller?: string;
  readonly child?: string[];
  readonly steps?: number;
  readonly seeds?: number | number[];
  readonly candidates?: number;
  readonly time?: number;
  readonly workers?: number;
  readonly seed?: number;
  readonly batch?: number;
  readonly score?: 'log-error-ratio' | 'accuracy' | 'loss';
  readonly baselines?: boolean;
  readonly reflections?: 'each' | 'once';
  readonly target?: string;
  readonly stopAtTarget?: boolean;
  readonly activation?: 'composed' | 'fused';
  readonly precision?: 'float32' | 'fast';
  readonly db?: string;
}

/** The flags that say how candidates are trained. */
export function addTrainingFlags(command: Command, usual: { readonly seeds: number }): Command {
  return command
    .addOption(
      new ListOption(
        '--child <name...>',
        'train on these, cheap ones first (default: mlp20-mnist resnet8-cifar10)',
        isNameOrPath,
      ),
    )
    .option('--steps <n>', "training steps, instead of the recipes' own", positiveInteger(10_000_000))
    .option(
      '--seeds <n|list>',
      `trainings of each function on each child: how many, or seeds such as 1,2,3 (default: ${usual.seeds})`,
      seedList,
    )
    .option('--workers <n>', 'worker processes (default: the cores of this machine)', positiveInteger(1024))
    .option('--seed <n>', 'decides all that is random (default: 1)', seedNumber)
    .option('--score <kind>', 'log-error-ratio, accuracy or loss (default: log-error-ratio)')
    .option('--activation <kind>', 'fused or composed (default: fused where its kernel was built)')
    .option('--precision <kind>', 'float32 or fast (default: float32)');
}

/** The flags that say what is searched, how, and until when. */
export function addStudyFlags(command: Command): Command {
  const searching = command
    .option('--study <name>', 'name of the study')
    .option('--space <name|file>', 'search space: a shipped one or a YAML file (default: paper)')
    .option('--units <n>', "core units a candidate, instead of the space's own", positiveInteger(100))
    .option(
      '--controller <name>',
      'who proposes candidates; see: npx activation-search controllers (default: random)',
    )
    .option('--candidates <n>', 'stop after this many candidates are evaluated', positiveInteger())
    .option(
      '--time <time>',
      'stop after so much running time: 90s, 10m, 1h30m (default: 10m without --candidates)',
      duration,
    )
    .option(
      '--reflections <each|once>',
      'train f(x) and -f(-x), and mirrored parameters, each or once (default: each)',
    )
    .option('--target <formula>', 'say when this function is found, and its rank')
    .option('--stop-at-target', 'end once the target is evaluated')
    .option('--batch <n>', 'proposals asked at a time (default: 32)', positiveInteger(10_000))
    .option('--no-baselines', 'of the known functions train only ReLU')
    .option('--db <file>', 'the database (default: runs/activation-search.db)');
  return addRenamedFlags(addTrainingFlags(searching, { seeds: 1 }));
}

/** Refuses flags that have a new name, and says it. */
export function addRenamedFlags(command: Command): Command {
  for (const [old, name] of Object.entries(renamedKeys)) {
    const refuse = (value: string): never => {
      throw new ActivationSearchError('usage', `--${old} is called --${name} now.`, {
        hint: `Give --${name} ${value}`,
      });
    };
    command.addOption(new Option(`--${old} <value>`).argParser(refuse).hideHelp());
  }
  return command;
}

/** The flags that were given, under the names of the study file. */
export function studyFileOf(flags: StudyFlags): StudyFileInput {
  const { child, controller, score, baselines, ...same } = flags;
  const given: Record<string, unknown> = {
    study: same.study,
    space: same.space,
    units: same.units,
    controller,
    children: child,
    steps: same.steps,
    seeds: same.seeds,
    candidates: same.candidates,
    time: same.time,
    workers: same.workers,
    seed: same.seed,
    batch: same.batch,
    score: score === undefined ? undefined : { kind: score },
    // commander sets a --no- flag's positive to true where it is absent.
    baselines: baselines === false ? false : undefined,
    reflections: same.reflections,
    target: same.target,
    stopAtTarget: same.stopAtTarget,
    activation: same.activation,
    precision: same.precision,
    db: same.db,
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

function seedList(given: string): number | number[] {
  if (/^\d+$/.test(given.trim())) return positiveInteger(1000)(given);
  const seeds = given.split(',').map((part) => seedNumber(part));
  if (new Set(seeds).size < seeds.length) throw new InvalidArgumentError('Give each seed once.');
  return seeds;
}
