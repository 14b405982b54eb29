import { z } from 'zod';

// Numbers that JSON cannot hold travel as an object with this key, so that results keep their bits.
const numberKey = '$number';

/** A value as the text of a message. */
export function encode(value: unknown): string {
  // A replacer makes it several times slower, and few messages need one.
  return holdsPlainNumbers(value) ? JSON.stringify(value) : JSON.stringify(value, replaceNumber);
}

function replaceNumber(_: string, value: unknown): unknown {
  if (typeof value !== 'number' || isPlain(value)) return value;
  return { [numberKey]: Object.is(value, -0) ? '-0' : String(value) };
}

function holdsPlainNumbers(value: unknown): boolean {
  if (typeof value === 'number') return isPlain(value);
  return typeof value !== 'object' || value === null || Object.values(value).every(holdsPlainNumbers);
}

function isPlain(value: number): boolean {
  return Number.isFinite(value) && !Object.is(value, -0);
}

/**
 * Reads a message that another program wrote. Control characters in its texts, which could garble a terminal,
 * become question marks. Throws, in words, if it does not fit the schema.
 */
export function decode<Schema extends z.ZodType>(schema: Schema, text: string): z.output<Schema> {
  const parsed = schema.safeParse(needsRevival.test(text) ? JSON.parse(text, revive) : JSON.parse(text));
  if (parsed.success) return parsed.data;
  throw new Error(z.prettifyError(parsed.error));
}

/** The same, for messages that are passed over where they cannot be read. */
export function decoded<Schema extends z.ZodType>(
  schema: Schema,
  text: string,
): z.output<Schema> | undefined {
  try {
    return decode(schema, text);
  } catch {
    return undefined;
  }
}

function revive(_: string, value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll(controlCharacters, '?');
  if (typeof value !== 'object' || value === null || !(numberKey in value)) return value;
  return Number(value[numberKey]);
}

/** What a text has somewhere if it holds such a number, or a control character as it is or escaped. */
const needsRevival = /[^ -~]|\\|\$number/;
// All but tabulator and line end.
const controlCharacters = /(?![\t\n])[\p{Cc}\p{Cf}]/gu;
