import type { ArithmeticFacts } from '../arithmetic.ts';
import type { Arithmetic, NetworkArithmetic, TrialRequest } from './protocol.ts';

/** What a machine trains networks with: its facts, and what the study says. */
export function networkArithmeticWith(
  { cpuFlags, instructionSet, ...facts }: ArithmeticFacts,
  { activation, precision }: Pick<TrialRequest, 'activation' | 'precision'>,
): NetworkArithmetic {
  const chosen = activation === 'fused' && instructionSet !== undefined ? { instructionSet } : {};
  return { ...facts, cpuFlags: [...cpuFlags], ...chosen, activation, precision };
}

/** The arithmetic of a network; undefined for that of a command. */
export function networkArithmeticOf(arithmetic: Arithmetic): NetworkArithmetic | undefined {
  return 'tensorflow' in arithmetic ? arithmetic : undefined;
}

/** Whether trainings with the two give the same bits. What is not known differs from all else. */
export function isSameArithmetic(
  a: Arithmetic | null | undefined,
  b: Arithmetic | null | undefined,
): boolean {
  const [one, other] = [a, b].map((arithmetic) => arithmetic && networkArithmeticOf(arithmetic));
  return one != null && other != null && (one === other || arithmeticDifferences(one, other).length === 0);
}

/** The parts in which two arithmetics differ, as text: `cpu (AMD EPYC; here Intel Xeon)`. */
export function arithmeticDifferences(study: NetworkArithmetic, here: NetworkArithmetic): readonly string[] {
  const names = new Set([...Object.keys(study), ...Object.keys(here)]) as Set<keyof NetworkArithmetic>;
  return [...names].flatMap((name) => {
    const [there, own] = [study[name], here[name]].map(partText);
    return there === own ? [] : [`${name} (${there}; here ${own})`];
  });
}

function partText(part: NetworkArithmetic[keyof NetworkArithmetic]): string {
  // Only the instruction set may be missing: that is the usual one.
  return Array.isArray(part) ? part.join(' ') : String(part ?? 'the usual one');
}

/** No trainer has the arithmetic that a trial was to be trained in. */
export class NoSuchArithmetic extends Error {}
