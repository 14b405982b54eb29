import type { Arithmetic, NetworkArithmetic, TrialOutcome } from '../trial/protocol.ts';
import { shortHash } from './queue-messages.ts';
import { encode } from './wire.ts';

/**
 * The outcomes that a sitting has taken, to compare later ones with: a queue gives each trial to a worker at
 * least once, and now and then twice. Equal trainings give equal bits; if they do not, that is a defect.
 */
export class OutcomeRecord {
  readonly #taken = new Map<string, Readonly<Record<string, string>>>();

  /** Takes an outcome of a trial. Returns what differs from an earlier one of it. */
  take(trial: string, outcome: TrialOutcome): readonly string[] {
    const facts = factsOf(outcome);
    const before = this.#taken.get(trial);
    if (before === undefined) {
      this.#taken.set(trial, facts);
      return [];
    }
    // How long a training took, and whether a process was lost, is no result.
    if (!before.status || !facts.status) return [];
    const names = new Set([...Object.keys(before), ...Object.keys(facts)]);
    return [...names].filter((name) => before[name] !== facts[name]);
  }
}

function factsOf(outcome: TrialOutcome): Readonly<Record<string, string>> {
  if (outcome.status === 'crashed' || outcome.status === 'timed-out') return {};
  const { id: _, seconds: __, attempts: ___, arithmetic: ____, ...lasting } = outcome;
  const parts = 'measures' in lasting ? { ...lasting, ...lasting.measures, measures: null } : lasting;
  return Object.fromEntries(Object.entries(parts).map(([name, value]) => [name, shortHash(encode(value))]));
}

/** The parts in which two arithmetics differ, as text: `cpu (AMD EPYC, here Intel Xeon)`. */
export function arithmeticDifferences(study: NetworkArithmetic, here: NetworkArithmetic): readonly string[] {
  const names = Object.keys(study) as (keyof NetworkArithmetic)[];
  return names.flatMap((name) => {
    const [there, own] = [study[name], here[name]].map((value) =>
      Array.isArray(value) ? value.join(' ') : value,
    );
    return there === own ? [] : [`${name} (${there}; here ${own})`];
  });
}

/** The parts in which the arithmetic of an outcome differs from a study's, where both are known. */
export function differencesOf(
  study: NetworkArithmetic | undefined,
  outcome: TrialOutcome,
): readonly string[] {
  const own = 'arithmetic' in outcome ? networkArithmeticOf(outcome.arithmetic) : undefined;
  return study && own ? arithmeticDifferences(study, own) : [];
}

/** The arithmetic of a network; undefined for that of a command. */
export function networkArithmeticOf(arithmetic: Arithmetic): NetworkArithmetic | undefined {
  return 'tensorflow' in arithmetic ? arithmetic : undefined;
}
