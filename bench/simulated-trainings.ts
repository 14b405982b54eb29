import { parse } from '../src/expression/notation.ts';
import { Random } from '../src/random.ts';
import { mean, variance } from '../src/ranking/comparisons.ts';
import { logOfLosses } from '../src/ranking/scored-trials.ts';
import { Classifier } from '../src/search/classify.ts';
import type { TrialKey } from '../src/study/trial.ts';
import { summary } from './harness.ts';
import { readTrainings, type Training } from './study-table.ts';

/** Whole studies of the quickstart's networks: all their trainings, with both losses. */
const tables = [
  'quickstart-residual',
  'quickstart-batches-of-64',
  'quickstart-batches-of-16',
  'quickstart-seed-1',
  'quickstart-318',
];

/** A child and its steps: what all trainings of one kind have in common. */
type Budget = string;

/** A lead over ReLU in the losses of a score (`losses`), and its block: study, budget and seed. */
interface Lead {
  readonly block: string;
  readonly value: number;
}

interface MeasuredFunction {
  readonly leads: Map<Budget, Lead[]>;
  /** Whether it was trained and never to an end. */
  failed: boolean;
}

interface Noise {
  /** Standard deviation over seeds that each function has for itself, and that all have from ReLU. */
  readonly own: number;
  readonly common: number;
}

/** How the lead on a longer budget follows from the first one, where it was not measured. */
interface Line {
  readonly slope: number;
  readonly intercept: number;
  /** Standard deviation about the line, without the noise of the trainings. */
  readonly deviation: number;
}

/**
 * Trainings that take no time: of functions whose leads over ReLU are those of the shipped tables, with the
 * measured noise of a seed. What was measured on the first budget only has a lead on the others that follows
 * from it; a function that no study has trained stands in for one that was, drawn anew for each study.
 */
export class SimulatedTrainings {
  readonly #classifier = new Classifier(undefined, [], 'mirrors');
  readonly #functions: MeasuredFunction[] = [];
  readonly #first: Budget;
  readonly #noise = new Map<Budget, Noise>();
  readonly #lines = new Map<Budget, Line>();
  readonly #seconds = new Map<Budget, number[]>();
  readonly #medians = new Map<Budget, number>();
  /** Numbers of formulas that were asked for: of functions of the tables, and higher ones. */
  readonly #numbers = new Map<string, number>();
  #strangers = 0;

  /** `first` is the budget on which every function begins. */
  constructor(first: Pick<TrialKey, 'child' | 'steps'>) {
    this.#first = budgetOf(first);
    for (const table of tables) this.#add(table);
    for (const [budget, seconds] of this.#seconds) {
      this.#medians.set(budget, summary(budget, seconds).median);
      this.#measure(budget);
    }
  }

  /** Functions that were trained at least once. */
  get size(): number {
    return this.#functions.length;
  }

  #noiseOf(key: Pick<TrialKey, 'child' | 'steps'>): Noise {
    const noise = this.#noise.get(budgetOf(key));
    if (!noise) throw new Error(`no table has trainings of ${budgetOf(key)} steps`);
    return noise;
  }

  /** The noise of all budgets, in words. */
  get noiseText(): string {
    const texts = [...this.#noise].map(
      ([budget, { own, common }]) =>
        `${own.toFixed(4)} of its own and ${common.toFixed(4)} with all others on ${budget} steps`,
    );
    return texts.join('; ');
  }

  /** Median seconds of such a training in the tables. */
  secondsOf(key: Pick<TrialKey, 'child' | 'steps'>): number {
    return this.#medians.get(budgetOf(key)) ?? Number.NaN;
  }

  /**
   * The loss of a training, validation and training alike; null where it fails. ReLU's has the logarithm 0
   * but for its noise, which all others are compared with.
   */
  loss(formula: string, study: number, key: TrialKey): number | null {
    const { own, common } = this.#noiseOf(key);
    const random = (...parts: (string | number)[]): Random => Random.fromSeed('simulated', study, ...parts);
    const place = [budgetOf(key), key.seed];
    if (formula === 'max(x, 0)') return Math.exp(common * random('relu', ...place).normal());
    const lead = this.#leadOf(formula, budgetOf(key), random);
    return lead === null ? null : Math.exp(own * random(formula, ...place).normal() - lead);
  }

  #leadOf(formula: string, budget: Budget, random: (...parts: (string | number)[]) => Random): number | null {
    const known = this.#functions[this.#numberOf(formula)];
    const one = known ?? random('stand-in', formula).pick(this.#functions);
    if (one.failed) return null;
    const own = one.leads.get(budget);
    if (own) return meanLead(own);
    const from = one.leads.get(this.#first);
    const line = this.#lines.get(budget);
    if (!from || !line) return null;
    // One deviation for all longer budgets: what is better than its beginning is so on both networks.
    return line.intercept + line.slope * meanLead(from) + line.deviation * random('later', formula).normal();
  }

  /** The number of a function of the tables; of any other, one that no function has. */
  #numberOf(formula: string): number {
    let number = this.#numbers.get(formula);
    if (number === undefined) {
      const next = this.#functions.length + this.#strangers;
      const { owner } = this.#classifier.classify(next, [], parse(formula));
      if (owner === null) this.#strangers += 1;
      number = owner ?? next;
      this.#numbers.set(formula, number);
    }
    return number;
  }

  #add(table: string): void {
    const rows = readTrainings(table);
    const blockOf = (row: Training): string => [table, row.study_seed, budgetOf(row), row.seed].join();
    const relu = new Map(
      rows
        .filter(({ expression, status }) => expression === 'max(x, 0)' && status === 'complete')
        .map((row) => [blockOf(row), logLosses(row)]),
    );
    for (const row of rows.filter(({ expression }) => expression !== 'max(x, 0)')) {
      const number = this.#functions.length;
      const { owner, status } = this.#classifier.classify(number, [], parse(row.expression));
      if (status === 'refused') continue;
      if (owner === null) this.#functions.push({ leads: new Map(), failed: true });
      const one = this.#functions[owner ?? number] as MeasuredFunction;
      const reference = relu.get(blockOf(row));
      if (row.status !== 'complete' || reference === undefined) continue;
      one.failed = false;
      push(one.leads, budgetOf(row), { block: blockOf(row), value: reference - logLosses(row) });
      push(this.#seconds, budgetOf(row), Number(row.seconds));
    }
  }

  #measure(budget: Budget): void {
    const repeated = this.#functions.flatMap(({ leads }) => {
      const own = leads.get(budget) ?? [];
      return own.length > 1 ? [own] : [];
    });
    const noise = noiseOf(repeated);
    this.#noise.set(budget, noise);
    const both = this.#functions.flatMap(({ leads }) => {
      const [from, to] = [leads.get(this.#first), leads.get(budget)];
      return from && to ? [[meanLead(from), meanLead(to)] as const] : [];
    });
    if (budget !== this.#first && both.length > 2) this.#lines.set(budget, lineThrough(both, noise));
  }
}

/**
 * Noise from functions with several leads: the pooled variance about their means, and the part of it that
 * functions have in common on a block.
 */
function noiseOf(functions: readonly (readonly Lead[])[]): Noise {
  const blocks = new Map<string, number[]>();
  let [squares, freedom] = [0, 0];
  for (const leads of functions) {
    const center = meanLead(leads);
    // Deviations from a mean of n are too small by this.
    const scale = Math.sqrt(leads.length / (leads.length - 1));
    for (const { block, value } of leads) push(blocks, block, scale * (value - center));
    squares += leads.reduce((sum, { value }) => sum + (value - center) ** 2, 0);
    freedom += leads.length - 1;
  }
  let [products, pairs] = [0, 0];
  for (const deviations of blocks.values()) {
    const sum = deviations.reduce((a, b) => a + b, 0);
    products += sum ** 2 - deviations.reduce((a, b) => a + b ** 2, 0);
    pairs += deviations.length * (deviations.length - 1);
  }
  const total = freedom === 0 ? Number.NaN : squares / freedom;
  const common = pairs === 0 ? 0 : Math.min(total, Math.max(0, products / pairs));
  return { own: Math.sqrt(total - common), common: Math.sqrt(common) };
}

/** Least squares. */
function lineThrough(points: readonly (readonly [number, number])[], { own }: Noise): Line {
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  const [x, y] = [mean(xs), mean(ys)];
  const slope = points.reduce((sum, [a, b]) => sum + (a - x) * (b - y), 0) / ((xs.length - 1) * variance(xs));
  const rest = variance(points.map(([a, b]) => b - y - slope * (a - x)));
  return { slope, intercept: y - slope * x, deviation: Math.sqrt(Math.max(0, rest - own ** 2)) };
}

function budgetOf({ child, steps }: { readonly child: string; readonly steps: number | string }): Budget {
  return `${child} ${steps}`;
}

function logLosses({ validation_loss, mean_training_loss }: Training): number {
  return logOfLosses(Number(validation_loss), Number(mean_training_loss));
}

function meanLead(leads: readonly Lead[]): number {
  return mean(leads.map(({ value }) => value));
}

function push<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}
