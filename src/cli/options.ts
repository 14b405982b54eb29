import { InvalidArgumentError } from 'commander';

/** A whole number from 1 on, at most `most`. */
export function positiveInteger(most = 1_000_000_000): (given: string) => number {
  return (given) => {
    const value = Number(given);
    if (!/^\d+$/.test(given.trim()) || value < 1 || value > most) {
      throw new InvalidArgumentError(`Give a whole number from 1 to ${most.toLocaleString('en-US')}.`);
    }
    return value;
  };
}

/** A seed: a whole number from 0 to 2^31 - 1. */
export function seedNumber(given: string): number {
  const value = Number(given);
  if (!/^\d+$/.test(given.trim()) || value > 2 ** 31 - 1) {
    throw new InvalidArgumentError('Give a whole number from 0 to 2147483647.');
  }
  return value;
}
