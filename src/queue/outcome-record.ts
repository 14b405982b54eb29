import type { Logger } from '../logger.ts';
import { arithmeticDifferences, networkArithmeticOf } from '../trial/network-arithmetic.ts';
import type { NetworkArithmetic, TrialOutcome } from '../trial/protocol.ts';
import { arithmeticKey, shortHash } from './queue-messages.ts';
import { encode } from './wire.ts';

/** Longer parts of outcomes are kept as hashes. */
const longestKept = 80;

/**
 * The outcomes that a sitting has taken, to compare later ones with: a queue gives each trial to a worker at
 * least once, and now and then twice. Equal trainings give equal bits; if they do not, that is a defect. Of
 * scripts nobody knows how far they repeat themselves.
 */
export class OutcomeRecord {
  readonly #logger: Logger;
  readonly #tell: (text: string) => void;
  readonly #taken = new Map<string, Readonly<Record<string, unknown>>>();

  constructor(logger: Logger, tell: (text: string) => void) {
    this.#logger = logger;
    this.#tell = tell;
  }

  /** Whether an outcome may be used, by its arithmetic. One that differs from an earlier one is told of. */
  accepts(trial: string, outcome: TrialOutcome, study: NetworkArithmetic | undefined): boolean {
    const others = differencesOf(study, outcome);
    if (others.length > 0) {
      this.#logger.warn({ trial, others }, 'an outcome of another arithmetic was passed over');
      return false;
    }
    const differing = this.take(trial, outcome);
    if (differing.length > 0) {
      this.#logger.error({ trial, differing }, 'a trial has two results');
      this.#tell(`defect: one trial has two results, which differ in ${differing.join(', ')}`);
    }
    return true;
  }

  /** Takes an outcome of a trial. Returns what differs from an earlier one of it in the same arithmetic. */
  take(trial: string, outcome: TrialOutcome): readonly string[] {
    const facts = factsOf(outcome);
    const network = 'arithmetic' in outcome ? networkArithmeticOf(outcome.arithmetic) : undefined;
    if ('arithmetic' in outcome && !network) return [];
    const key = network ? `${trial} ${arithmeticKey(network)}` : trial;
    const before = this.#taken.get(key);
    if (before === undefined) {
      this.#taken.set(key, facts);
      return [];
    }
    // How long a training took, and whether a process was lost, is no result.
    if (!before.status || !facts.status) return [];
    const names = new Set([...Object.keys(before), ...Object.keys(facts)]);
    return [...names].filter((name) => !Object.is(before[name], facts[name]));
  }
}

/** What lasts of an outcome, by name: numbers and texts as they are, all else as text. */
function factsOf(outcome: TrialOutcome): Readonly<Record<string, unknown>> {
  if (outcome.status === 'crashed' || outcome.status === 'timed-out') return {};
  const { id: _, seconds: __, attempts: ___, arithmetic: ____, ...lasting } = outcome;
  const parts = 'measures' in lasting ? { ...lasting, ...lasting.measures, measures: null } : lasting;
  return Object.fromEntries(
    Object.entries(parts).map(([name, value]) => [
      name,
      typeof value === 'object' ? kept(encode(value)) : value,
    ]),
  );
}

/** A text as it is kept to be compared: itself, or its hash. */
function kept(text: string): string {
  return text.length <= longestKept ? text : shortHash(text);
}

/** The parts in which the arithmetic of an outcome differs from a study's, where both are known. */
function differencesOf(study: NetworkArithmetic | undefined, outcome: TrialOutcome): readonly string[] {
  const own = 'arithmetic' in outcome ? networkArithmeticOf(outcome.arithmetic) : undefined;
  return study && own ? arithmeticDifferences(study, own) : [];
}
