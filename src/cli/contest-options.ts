import { Option } from 'commander';
import { ActivationSearchError } from '../errors.ts';
import { parseDuration } from '../search/setting-values.ts';
import { positiveInteger } from './options.ts';

/** `--budget <time>`, as seconds. */
export function budgetOption(help: string): Option {
  return new Option('--budget <time>', help).argParser((given: string) => {
    const seconds = parseDuration(given);
    if (seconds !== undefined && seconds > 0) return seconds;
    throw new ActivationSearchError('usage', `--budget ${given} is no time.`, {
      hint: 'Write it as 90s, 10m or 1h30m.',
    });
  });
}

/** `--blocks <n>`. */
export function blocksOption(help: string): Option {
  return new Option('--blocks <n>', help).argParser(positiveInteger(10_000));
}
