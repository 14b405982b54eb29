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

/** A time such as `90s`, `10m`, `1h30m`, in seconds. */
export function duration(given: string): number {
  const match = /^(?:(\d+(?:\.\d+)?)h)?(?:(\d+(?:\.\d+)?)m)?(?:(\d+(?:\.\d+)?)s)?$/.exec(given.trim());
  const [hours, minutes, seconds] = [match?.[1], match?.[2], match?.[3]].map((part) => Number(part ?? 0));
  const total = (hours ?? 0) * 3600 + (minutes ?? 0) * 60 + (seconds ?? 0);
  if (!match || !(total > 0) || total > 366 * 86_400) {
    throw new InvalidArgumentError('Give a time such as 90s, 10m or 1h30m, at most a year.');
  }
  return total;
}
