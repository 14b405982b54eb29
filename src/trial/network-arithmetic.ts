import type { ArithmeticFacts } from '../arithmetic.ts';
import type { Arithmetic, NetworkArithmetic, TrialRequest } from './protocol.ts';

/** Raised when some networks train to other bits with the fused kernel than before. */
const kernelGeneration = 2;

/** What a machine trains networks with: its facts, and what the study says. */
export function networkArithmeticWith(
  { cpuFlags, instructionSet, ...facts }: ArithmeticFacts,
  { activation, precision }: Pick<TrialRequest, 'activation' | 'precision'>,
): NetworkArithmetic {
  const chosen = instructionSet !== undefined ? { instructionSet } : {};
  const fused = activation === 'fused' ? { ...chosen, kernelGeneration } : {};
  return { ...facts, cpuFlags: [...cpuFlags], ...fused, activation, precision };
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
    const [there, own] = [study, here].map((facts) => partText(facts[name] ?? whenMissing[name]));
    return there === own ? [] : [`${name} (${there}; here ${own})`];
  });
}

const whenMissing: Partial<Record<keyof NetworkArithmetic, string>> = {
  instructionSet: 'the usual one',
  kernelGeneration: '1',
};

function partText(part: NetworkArithmetic[keyof NetworkArithmetic]): string {
  return Array.isArray(part) ? part.join(' ') : String(part);
}

/** No trainer has the arithmetic that a trial was to be trained in. */
export class NoSuchArithmetic extends Error {}
