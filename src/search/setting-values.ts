import { z } from 'zod';

/** The values that several settings take, with messages for people. */

export const wholeNumber = (least: number, most: number, what: string) => {
  const error = `${what} is a whole number from ${least} to ${most.toLocaleString('en-US')}`;
  return z.int({ error }).min(least, error).max(most, error);
};

export const text = (what: string, most = 200) =>
  z
    .string({ error: `${what} is text` })
    .min(1, `${what} is empty`)
    .max(most, `${what} is too long`);

export const trueOrFalse = (what: string) => z.boolean({ error: `${what} is true or false` });

/** A share of something, without none and all of it. */
export const share = (what: string) => {
  const error = `${what} is a number above 0 and below 1`;
  return z.number({ error }).gt(0, error).lt(1, error);
};

const mostSeconds = 366 * 86_400;

/** Seconds: a number of them, or text such as `1h30m`. */
export const duration = z
  .union([z.number(), z.string()], { error: 'a time is such as 90s, 10m or 1h30m' })
  .transform((given, context) => {
    const seconds = typeof given === 'number' ? given : parseDuration(given);
    if (seconds !== undefined && seconds > 0 && seconds <= mostSeconds) return seconds;
    context.addIssue({ code: 'custom', message: 'a time is such as 90s, 10m or 1h30m, at most a year' });
    return z.NEVER;
  });

/** The seconds of a time such as `90s`, `10m` or `1h30m`; undefined for any other text. */
export function parseDuration(given: string): number | undefined {
  const match = /^(?:(\d+(?:\.\d+)?)h)?(?:(\d+(?:\.\d+)?)m)?(?:(\d+(?:\.\d+)?)s)?$/.exec(given.trim());
  if (!match || given.trim() === '') return undefined;
  const [hours = 0, minutes = 0, rest = 0] = match.slice(1).map((part) => Number(part ?? 0));
  return hours * 3600 + minutes * 60 + rest;
}

/** A flag's text as a number; any other text is left for the schema to refuse. */
export function numberFrom(given: string): number | string {
  return /^-?\d+(\.\d+)?$/.test(given.trim()) ? Number(given) : given;
}

/** A flag's text as one number, or as a list of them: `3`, or `1,2,3`. */
export function numbersFrom(given: string): number | string | (number | string)[] {
  return given.includes(',') ? given.split(',').map(numberFrom) : numberFrom(given);
}

/** A flag's text as a list, cut at the commas outside of parentheses: `Swish,mine = max(x, tanh(x))`. */
export function namesFrom(given: string): string[] {
  let depth = 0;
  const names = [''];
  for (const character of given) {
    depth += Number(character === '(') - Number(character === ')');
    if (character === ',' && depth === 0) names.push('');
    else names.push(names.pop() + character);
  }
  return names.map((name) => name.trim());
}

/** A flag's texts such as `population=50` as an object, a number being a number. */
export function optionsFrom(given: string, before: object = {}): object {
  const [name = '', ...value] = given.split('=');
  const written = value.join('=');
  const known: Readonly<Record<string, boolean>> = { true: true, false: false };
  return { ...before, [name.trim()]: known[written] ?? numberFrom(written) };
}
