// Studies of runs/quickstart.yaml with as many seeds, each from nothing, one after the other. Takes hours;
// goes on where it was stopped: finished studies lie in runs/rediscovery/. REDISCOVERY_SEEDS=3 runs fewer of
// them; REDISCOVERY_NOTE is put beside the results, such as what else the machine did meanwhile.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../src/paths.ts';
import type { Point } from '../src/plot/chart.ts';
import { drawChart } from '../src/plot/draw-chart.ts';
import { Classifier } from '../src/search/classify.ts';
import { contradictionsWith } from '../src/search/open-study.ts';
import { readSettings } from '../src/search/read-settings.ts';
import { storedConfig } from '../src/search/study-config.ts';
import { type StudyPlan, searchPlan } from '../src/search/study-plan.ts';
import { enumerateTokens } from '../src/search-space/search-space.ts';
import { Store } from '../src/storage/store.ts';
import { hasFinals, Ladder } from '../src/study/ladder.ts';
import { tensorflowVersion } from '../src/tensorflow.ts';
import { summary } from './harness.ts';
import { type Found, isSwish, type Rediscovery, readRediscovery } from './rediscovery-study.ts';
import { writeSection } from './results.ts';

const seeds = Array.from({ length: Number(process.env.REDISCOVERY_SEEDS ?? 10) }, (_, index) => index + 1);
const studyFile = join(projectRoot, 'runs', 'quickstart.yaml');
const folder = join(projectRoot, 'runs', 'rediscovery');
const database = join(folder, 'rediscovery.db');
const note = process.env.REDISCOVERY_NOTE === undefined ? '' : ` ${process.env.REDISCOVERY_NOTE}`;
const goal = { share: 0.9, minutes: 10, rank: 3 };

mkdirSync(folder, { recursive: true });
for (const seed of seeds) runSeed(seed);
const quickstart = planOf(1);
const space = countFunctions(quickstart);
report(seeds.map(readSeed));

function nameOf(seed: number): string {
  return `seed-${seed}`;
}

function planOf(seed: number): StudyPlan {
  return searchPlan(readSettings(studyFile, { whole: { seed } }));
}

/**
 * Runs a seed's study to its end, or what is left of it; a finished one goes on where the file allows more by
 * now.
 */
function runSeed(seed: number): void {
  const plan = planOf(seed);
  const { candidates, time } = plan.config;
  const left = whatIsLeft(seed, plan);
  if (left === 'nothing') return;
  process.stderr.write(`rediscovery: seed ${seed} of ${seeds.length}, ${new Date().toISOString()}\n`);
  const limits = [
    ...(candidates === null ? [] : ['--candidates', candidates]),
    ...(time === null ? [] : ['--time', `${time}s`]),
  ];
  const [command, ...options] =
    left === 'all'
      ? ['search', studyFile, '--seed', seed, '--study', nameOf(seed), '--db', database, '--quiet']
      : ['resume', nameOf(seed), ...limits, '--db', database, '--quiet'];
  const program = join(projectRoot, 'bin', 'activation-search.js');
  const { status } = spawnSync(process.execPath, [program, String(command), ...options.map(String)], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0) {
    process.stderr.write(`rediscovery: seed ${seed} ended with exit code ${status}; run it again to go on\n`);
    process.exit(status ?? 1);
  }
}

function whatIsLeft(seed: number, plan: StudyPlan): 'all' | 'some' | 'nothing' {
  if (!existsSync(database)) return 'all';
  const store = Store.open(database, { readonly: true });
  try {
    const study = store.findStudy(nameOf(seed));
    if (!study) return 'all';
    const changed = contradictionsWith(study, plan);
    if (changed.length > 0) {
      process.stderr.write(
        `rediscovery: runs/quickstart.yaml has changed since seed ${seed} was begun (${changed.join(', ')}).\nRemove ${folder} to begin anew.\n`,
      );
      process.exit(2);
    }
    const { candidates, time } = storedConfig(study);
    const isSame = candidates === plan.config.candidates && time === plan.config.time;
    return study.status === 'finished' && isSame ? 'nothing' : 'some';
  } finally {
    store.close();
  }
}

function readSeed(seed: number): Rediscovery {
  const store = Store.open(database, { readonly: true });
  try {
    const log = join(folder, nameOf(seed), 'log.ndjson');
    return readRediscovery(store, nameOf(seed), log, seed, new Ladder(quickstart.config.rungs).batchHeight);
  } finally {
    store.close();
  }
}

function report(results: readonly Rediscovery[]): void {
  const found = results.flatMap((one) => (one.found ? [one.found] : []));
  const minutes = summary(
    'minutes',
    results.map((one) => (one.found ? one.found.seconds / 60 : Number.POSITIVE_INFINITY)),
  );
  const leads = ({ rank }: Found): boolean => rank !== null && rank <= goal.rank;
  const scored = found.filter(({ rank }) => rank !== null).length;
  const ranked = found.filter(leads).length;
  const atOne = results.flatMap(({ foundAtOne }) => (foundAtOne ? [foundAtOne] : []));
  const evaluated = summary(
    'evaluated',
    results.map((one) => one.evaluated),
  ).median;
  const { config } = quickstart;
  const verdict = (reached: boolean): string => (reached ? 'reached' : 'missed');
  writeSection({
    name: 'rediscovery',
    title: 'Swish found unaided',
    text: `\`runs/quickstart.yaml\` (controller ${config.controller.kind}, ${new Ladder(config.rungs).batchHeight} rungs${hasFinals(config.rungs) ? ' and finals' : ''}, ${config.workers} workers) with ${results.length} seeds, each a new study. Swish is x\\*sigmoid(beta\\*x) or x\\*sigmoid(x) as a function, not its mirror images or multiples; it counts as found when it was trained as far as the ladder let it: where it was stopped early it has no score and no rank. Ranks are among the proposed candidates; baselines are not proposed to the controller and have none here.${note}`,
    columns: [
      'seed',
      'found',
      'minutes',
      'candidates by then',
      'final rank',
      'rank, equals at 1 too',
      'evaluated',
      'scored',
      'study, minutes',
      'top five at the end',
    ],
    rows: results.map(rowOf),
    verdicts: [
      `Goal: found with at least ${goal.share * 100}% of the seeds; ${found.length} of ${results.length}: ${verdict(found.length >= goal.share * results.length)}. ${scored} of these have a score at the end, the rest were stopped early.`,
      `Goal: at most ${goal.minutes} minutes in the median (not found counts as longest); ${Number.isFinite(minutes.median) ? minutes.median.toFixed(1) : 'never'}: ${verdict(minutes.median <= goal.minutes)}.`,
      `Goal: final rank at most ${goal.rank}; with ${ranked} of ${results.length} seeds: ${verdict(ranked >= goal.share * results.length)}.`,
      `With functions that are x\\*sigmoid(x) once their parameters are 1, such as beta\\*x\\*sigmoid(x), counted too: found with ${atOne.length} of ${results.length} seeds, final rank at most ${goal.rank} with ${atOne.filter(leads).length}.`,
      `Random draws without repetition that train as many functions (${evaluated}, the median) would meet a Swish with ${(100 * chanceAtRandom(evaluated)).toFixed(0)}% of the seeds: ${space.swish} of the ${space.functions} functions are one.`,
    ],
    versions: { TensorFlow: tensorflowVersion() },
  });
  writeFileSync(join(projectRoot, 'docs', 'rediscovery.svg'), plot(results));
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
    if (isSwish(expression)) swish += 1;
  }
  return { functions, swish };
}

function rowOf({ seed, found, foundAtOne, evaluated, ranked, seconds, top }: Rediscovery): readonly string[] {
  const formula = (text: string): string => `\`${text.replaceAll('|', '\\|')}\``;
  return [
    String(seed),
    ...(found
      ? [formula(found.expression), (found.seconds / 60).toFixed(1), String(found.evaluated)]
      : ['not found', '–', '–']),
    rankOf(found),
    rankOf(foundAtOne),
    String(evaluated),
    String(ranked),
    (seconds / 60).toFixed(1),
    top.map(({ expression, score }) => `${formula(expression)} ${signed(score)}`).join(', '),
  ];
}

function rankOf(found: Found | undefined): string {
  if (!found) return '–';
  return found.rank === null ? `none: ${found.status}` : String(found.rank);
}

function signed(score: number | null): string {
  if (score === null) return '';
  return `${score < 0 ? '−' : '+'}${Math.abs(score).toFixed(3)}`;
}

/**
 * Probability that `count` of all functions, drawn without repetition, hold a Swish: one less that none does.
 */
function chanceAtRandom(count: number): number {
  let none = 1;
  for (let index = 0; index < space.swish; index++) {
    none *= Math.max(0, space.functions - count - index) / (space.functions - index);
  }
  return 1 - none;
}

function plot(results: readonly Rediscovery[]): string {
  const end = Math.max(...results.map(({ seconds }) => seconds));
  const times = Array.from({ length: 121 }, (_, index) => (end * index) / 120);
  const share = (test: (one: Rediscovery) => number): number =>
    results.reduce((sum, one) => sum + test(one), 0) / results.length;
  const own = times.map((time) => ({
    x: time / 60,
    y: share(({ found }) => (found && found.seconds <= time ? 1 : 0)),
  }));
  const random = times.map((time) => ({
    x: time / 60,
    y: share((one) => chanceAtRandom(at(one, time).evaluated)),
  }));
  const best = times.flatMap((time): Point[] => {
    const scores = results.flatMap((one) => at(one, time).best ?? []).toSorted((a, b) => a - b);
    if (scores.length < results.length) return [];
    const { min, median, max } = summary('best', scores);
    return [{ x: time / 60, y: median, low: min, high: max }];
  });
  const { kind } = quickstart.config.controller;
  return drawChart({
    title: `Swish found unaided, ${results.length} seeds`,
    notes: ['runs/quickstart.yaml on two cores; random: as many functions drawn evenly, by calculation'],
    panels: [
      {
        title: 'Seeds that have found Swish',
        x: { label: 'minutes' },
        y: { label: 'share of seeds', range: [0, 1] },
        series: [
          { name: kind, mark: 'steps', points: own },
          { name: 'random', mark: 'steps', points: random },
        ],
      },
      {
        title: 'Best score so far: median, least and greatest',
        x: { label: 'minutes' },
        y: { label: 'score (0 is ReLU)' },
        series: [{ name: kind, mark: 'steps', points: best }],
      },
    ],
  });
}

/** How far a study was at a time. */
function at({ progress }: Rediscovery, seconds: number): { evaluated: number; best: number | null } {
  return progress.findLast((one) => one.seconds <= seconds) ?? { evaluated: 0, best: null };
}
