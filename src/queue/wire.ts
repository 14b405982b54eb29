import { z } from 'zod';

// Numbers that JSON cannot hold travel as an object with this key, so that results keep their bits.
const numberKey = '$number';

/** A value as the text of a message. */
export function encode(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) => {
    if (typeof inner !== 'number') return inner;
    if (Object.is(inner, -0)) return { [numberKey]: '-0' };
    return Number.isFinite(inner) ? inner : { [numberKey]: String(inner) };
  });
}

/**
 * Reads a message that another program wrote. Control characters in its texts, which could garble a terminal,
 * become question marks. Throws, in words, if it does not fit the schema.
 */
export function decode<Schema extends z.ZodType>(schema: Schema, text: string): z.output<Schema> {
  const parsed = schema.safeParse(JSON.parse(text, reviveNumber));
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

function reviveNumber(_: string, value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll(controlCharacters, '?');
  if (typeof value !== 'object' || value === null || !(numberKey in value)) return value;
  return Number(value[numberKey]);
}

// All but tabulator and line end.
const controlCharacters = /(?![\t\n])[\p{Cc}\p{Cf}]/gu;
