// Studies of runs/quickstart.yaml with fresh seeds, and the same ladder with random proposals. The trainings
// of each lie in bench/tables and are replayed through the controller, ladder, race and verdicts of today.
// A study without a table is run first, from nothing, for half an hour; one that was stopped goes on, in
// runs/rediscovery/. REDISCOVERY_SEEDS and REDISCOVERY_RANDOM_SEEDS say how many studies there are to be of
// each kind (10 and 5); REDISCOVERY_NOTE is put beside the results, such as what else the machine did.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../src/paths.ts';
import { Classifier } from '../src/search/classify.ts';
import { contradictionsWith } from '../src/search/open-study.ts';
import { storedConfig } from '../src/search/study-config.ts';
import type { StudyPlan } from '../src/search/study-plan.ts';
import { enumerateTokens } from '../src/search-space/search-space.ts';
import { Store } from '../src/storage/store.ts';
import { tensorflowVersion } from '../src/tensorflow.ts';
import { type Measured, summary } from './harness.ts';
import {
  firstFreshSeed,
  foundOf,
  isSwish,
  type Judged,
  quickstartFile,
  quickstartPlan,
  type Rediscovery,
  replayStudy,
  swishForm,
} from './rediscovery-study.ts';
import { writeSection } from './results.ts';
import { readTrainings, studyTableFile, writeTrainings } from './study-table.ts';

const folder = join(projectRoot, 'runs', 'rediscovery');
const database = join(folder, 'rediscovery.db');
const note = process.env.REDISCOVERY_NOTE === undefined ? '' : ` ${process.env.REDISCOVERY_NOTE}`;
const goal = { found: 0.9, recommended: 0.9, ahead: 0.8, minutesToFound: 5, minutes: 15 };

/** A study of the bench: the quickstart with a seed, proposed by its own controller or by chance. */
interface Sample {
  readonly controller: 'evolution' | 'random';
  readonly seed: number;
}

const samples = [
  ...samplesOf('evolution', process.env.REDISCOVERY_SEEDS ?? '10'),
  ...samplesOf('random', process.env.REDISCOVERY_RANDOM_SEEDS ?? '5'),
];

for (const sample of samples) {
  if (!existsSync(studyTableFile(tableOf(sample)))) runSample(sample);
}
const quickstart = planOf({ controller: 'evolution', seed: firstFreshSeed });
await report();

function samplesOf(controller: Sample['controller'], count: string): Sample[] {
  return Array.from({ length: Number(count) }, (_, index) => ({ controller, seed: firstFreshSeed + index }));
}

function nameOf({ controller, seed }: Sample): string {
  return `${controller}-${seed}`;
}

function tableOf({ controller, seed }: Sample): string {
  return controller === 'random' ? `quickstart-random-${seed}` : `quickstart-${seed}`;
}

function planOf({ controller, seed }: Sample): StudyPlan {
  return quickstartPlan(seed, controller === 'random' ? controller : undefined);
}

/** Runs a study to its end, or what is left of it, and makes its table. */
function runSample(sample: Sample): void {
  mkdirSync(folder, { recursive: true });
  const left = whatIsLeft(sample);
  if (left !== 'nothing') train(sample, left);
  const store = Store.open(database, { readonly: true });
  try {
    writeTrainings(tableOf(sample), store, nameOf(sample));
  } finally {
    store.close();
  }
}

function train(sample: Sample, left: 'all' | 'some'): void {
  process.stderr.write(`rediscovery: ${nameOf(sample)}, ${new Date().toISOString()}\n`);
  const { controller, seed } = sample;
  const options = ['--db', database, '--quiet'];
  const command =
    left === 'all'
      ? [
          'search',
          quickstartFile,
          '--seed',
          seed,
          // A controller that is named has its usual options, and not those of the file.
          ...(controller === 'random' ? ['--controller', controller] : []),
          '--study',
          nameOf(sample),
          ...options,
        ]
      : ['resume', nameOf(sample), ...options];
  const program = join(projectRoot, 'bin', 'activation-search.js');
  const { status } = spawnSync(process.execPath, [program, ...command.map(String)], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0) {
    process.stderr.write(
      `rediscovery: ${nameOf(sample)} ended with exit code ${status}; run it again to go on\n`,
    );
    process.exit(status ?? 1);
  }
}

function whatIsLeft(sample: Sample): 'all' | 'some' | 'nothing' {
  if (!existsSync(database)) return 'all';
  const store = Store.open(database, { readonly: true });
  try {
    const study = store.findStudy(nameOf(sample));
    if (!study) return 'all';
    const plan = planOf(sample);
    const changed = contradictionsWith(study, plan);
    if (changed.length > 0 || storedConfig(study).candidates !== plan.config.candidates) {
      const names = changed.length > 0 ? changed.join(', ') : 'candidates';
      process.stderr.write(
        `rediscovery: runs/quickstart.yaml has changed since ${nameOf(sample)} was begun (${names}).\nRemove ${folder} to begin anew.\n`,
      );
      process.exit(2);
    }
    return study.status === 'finished' ? 'nothing' : 'some';
  } finally {
    store.close();
  }
}

async function report(): Promise<void> {
  const replays = mkdtempSync(join(tmpdir(), 'activation-search-rediscovery-'));
  const store = Store.open(join(replays, 'replayed.db'));
  try {
    const results: { readonly sample: Sample; readonly result: Rediscovery }[] = [];
    for (const sample of samples) {
      const trainings = readTrainings(tableOf(sample));
      const result = await replayStudy(store, nameOf(sample), planOf(sample), trainings);
      results.push({ sample, result });
    }
    const of = (controller: Sample['controller']): Rediscovery[] =>
      results.flatMap(({ sample, result }) => (sample.controller === controller ? [result] : []));
    const { config } = quickstart;
    writeSection({
      name: 'rediscovery',
      title: 'Swish found unaided, and recommended',
      text: [
        `\`runs/quickstart.yaml\` (controller ${config.controller.kind}, ${config.workers} workers), and the same with random proposals; each study from nothing.`,
        'Swish is x\\*sigmoid(x) or x\\*sigmoid(beta\\*x) as a function; "Swish at initial values" is x\\*sigmoid(x) once its parameters have their initial values; a mirror image is f(-x) or -f(-x) of Swish, which the children cannot tell from it where their weights are symmetric.',
        'Found is what was trained to the end of the last rung before the race and scored; minutes are of the clock, from the beginning of the study.',
        'A study is told by its trainings in `bench/tables`, on which the controller, ladder, race and verdicts of today are run.',
        `Leads are mean log ratios of validation loss and mean training loss together against ReLU, on seeds that chose nobody, with intervals that hold for all functions at once.${note}`,
      ].join(' '),
      columns: [
        'controller',
        'seed',
        'found',
        'as proposal',
        'after minutes',
        'recommended',
        'it is',
        'its lead over ReLU',
        'best form of Swish in the finals',
        "baseline Swish's lead",
        'study, minutes',
      ],
      rows: results.map(({ sample, result }) => rowOf(sample, result)),
      verdicts: [
        ...verdictsOf('evolution', of('evolution')),
        ...verdictsOf('random', of('random')),
        chance(results.map(({ result }) => result)),
      ],
      versions: { TensorFlow: tensorflowVersion() },
    });
  } finally {
    store.close();
    rmSync(replays, { recursive: true });
  }
}

/** The goals of all studies of a controller. */
function verdictsOf(controller: Sample['controller'], results: readonly Rediscovery[]): string[] {
  const count = results.length;
  if (count === 0) return [];
  const said = (reached: boolean): string => (reached ? 'reached' : 'missed');
  const found = results.filter((one) => foundOf(one)).length;
  const withMirror = results.filter(({ found }) => found.size > 0).length;
  const recommended = (wanted: (one: Judged) => boolean): number =>
    results.filter(({ recommended: one }) => one && wanted(one)).length;
  const swish = recommended(({ form }) => isSwish(form));
  const mirror = recommended(({ form }) => form === 'mirror image');
  const ahead = results.filter(({ bestForm }) => bestForm?.row.verdict === 'ahead').length;
  const known = (seconds: readonly number[]): readonly number[] =>
    seconds.filter((one) => !Number.isNaN(one)).map((one) => one / 60);
  const toFound = results.map((one) => foundOf(one)?.seconds ?? Number.POSITIVE_INFINITY);
  const untilFound = summary('minutes to found', known(toFound));
  const minutes = untilFound.median;
  const whole = summary('minutes', known(results.map(({ seconds }) => seconds)));
  const knownOf = ({ values }: Measured): string =>
    values.length === count ? '' : `, known of ${values.length}`;
  const goalOf = (name: 'found' | 'recommended' | 'ahead', reached: number): string =>
    `goal ${goal[name] * 100}%: ${reached} of ${count}, ${said(reached >= goal[name] * count)}`;
  const other = recommended(({ form }) => form === null);
  const none = results.filter((one) => !one.recommended).length;
  const toFoundText = Number.isFinite(minutes) ? minutes.toFixed(1) : 'never';
  return [
    [
      `**${controller}**, ${count === 1 ? 'one study' : `${count} studies`}.`,
      `Found, ${goalOf('found', found)}; with mirror images ${withMirror}.`,
      `Recommended Swish or a function that is Swish at initial values, ${goalOf('recommended', swish)};`,
      `a mirror image of it ${mirror}, another function ${other}, none ${none}.`,
      `A found form of Swish certified ahead of ReLU, ${goalOf('ahead', ahead)}.`,
      `Minutes to found (not found counts as longest${knownOf(untilFound)}), goal a median of ${goal.minutesToFound}:`,
      `${toFoundText}, ${said(minutes <= goal.minutesToFound)}.`,
      `Whole studies${knownOf(whole)}, goal ${goal.minutes} minutes: ${whole.min.toFixed(1)} to ${whole.max.toFixed(1)}, ${said(whole.max <= goal.minutes)}.`,
    ].join(' '),
  ];
}

function chance(results: readonly Rediscovery[]): string {
  const evaluated = summary(
    'evaluated',
    results.map((one) => one.evaluated),
  ).median;
  const space = countFunctions(quickstart);
  let none = 1;
  for (let index = 0; index < space.swish; index++)
    none *= Math.max(0, space.functions - evaluated - index) / (space.functions - index);
  return `Random draws without repetition that train as many functions (${evaluated}, the median) would propose Swish itself with ${(100 * (1 - none)).toFixed(0)}% of the seeds: ${space.swish} of the ${space.functions} functions are it.`;
}

/** Different functions of a study's space that are not refused, and those of them that are Swish. */
function countFunctions({ config, space: searched, target, expressionOf }: StudyPlan): {
  readonly functions: number;
  readonly swish: number;
} {
  const classifier = new Classifier(target, [], config.reflections);
  let [functions, swish] = [0, 0];
  let number = 0;
  for (const tokens of enumerateTokens(searched)) {
    number += 1;
    const { status, expression } = classifier.classify(number, tokens, expressionOf(tokens));
    if (status !== 'waiting') continue;
    functions += 1;
    if (swishForm({ expression, target: null }) === 'Swish') swish += 1;
  }
  return { functions, swish };
}

function rowOf({ controller, seed }: Sample, result: Rediscovery): readonly string[] {
  const { recommended, bestForm, baseline, proposed, seconds } = result;
  const found = foundOf(result) ?? result.found.get('mirror image');
  const notFound = proposed
    ? `no: ${formula(proposed.expression)} ${proposed.status} on rung ${proposed.rung}`
    : 'no: none proposed';
  return [
    controller,
    String(seed),
    ...(found
      ? [formula(found.candidate.expression), String(found.candidate.number), minutesText(found.seconds)]
      : [notFound, '–', '–']),
    recommended ? formula(recommended.row.expression) : 'none',
    recommended ? (recommended.form ?? 'another function') : '–',
    recommended ? leadOf(recommended.row) : '–',
    bestForm
      ? `${formula(bestForm.row.expression)} ${leadOf(bestForm.row)}, ${bestForm.row.verdict}`
      : 'none',
    baseline ? leadOf(baseline) : '–',
    minutesText(seconds),
  ];
}

function minutesText(seconds: number): string {
  return Number.isFinite(seconds) ? (seconds / 60).toFixed(1) : '–';
}

function formula(text: string): string {
  return `\`${text.replaceAll('|', '\\|')}\``;
}

function leadOf({ lead, leadLow, leadHigh, blocks }: Rediscovery['finals'][number]): string {
  const interval = leadLow === null || leadHigh === null ? '' : ` [${signed(leadLow)}, ${signed(leadHigh)}]`;
  return `${signed(lead)}${interval} (${blocks} blocks)`;
}

function signed(value: number | null): string {
  if (value === null) return '–';
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(3)}`;
}
