import { z } from 'zod';

/** The most core units in a candidate; the paper found the best functions with one or two. */
export const mostUnits = 3;

/** The most primitives in a list, including those of the space that it extends. */
const mostPrimitives = 200;

const formula = z
  .union([z.string(), z.number()], { error: 'a formula is text such as "sigmoid(x)"' })
  .describe('A formula: x (in binary primitives x1 and x2), numbers, + - * / ^, |x|, functions, parameters.');

const name = z
  .string({ error: 'a name is text' })
  .min(1, 'a name is empty')
  .max(60, 'a name has at most 60 characters')
  .regex(/^\S(?:[^\n\r\t]*\S)?$/, 'a name stands on one line, without spaces around it')
  .describe('How tables and tokens call the primitive; the formula itself where none is given.');

const note = z
  .string({ error: 'a note is text' })
  .max(300, 'a note has at most 300 characters')
  .describe('Why it is there and why its parameter starts where it does; shown by `space check`.');

export const longPrimitive = z.strictObject({ formula, name: name.optional(), note: note.optional() });

export const namedFormula = z
  .record(name, formula)
  .refine((entry) => Object.keys(entry).length === 1, 'a line of a list holds one primitive')
  .meta({ maxProperties: 1 });

const primitive = z
  .union([formula, longPrimitive, namedFormula])
  .describe('One of: FORMULA | NAME: FORMULA | an object of formula, name and note.');

function primitives(variables: string) {
  return z
    .array(primitive, { error: 'must be a list: one primitive a line, each line beginning with "- "' })
    .min(1, 'the list is empty: give at least one primitive, or leave the key out of a file that extends')
    .max(mostPrimitives, `the list holds more than ${mostPrimitives} primitives`)
    .describe(`Primitives, functions of ${variables}.`);
}

export const unitCount = z
  .int({ error: `units is a whole number from 1 to ${mostUnits}` })
  .min(1, `units is a whole number from 1 to ${mostUnits}`)
  .max(mostUnits, `units is a whole number from 1 to ${mostUnits}`)
  .describe('Core units b(u1(x1), u2(x2)) in each candidate; `--units` overrides it.');

/** A search space as written in a YAML file. */
export const spaceFile = z.strictObject({
  name: name.optional().describe("The space's name; else the file's."),
  description: z
    .string({ error: 'a description is text' })
    .max(1000, 'a description has at most 1,000 characters')
    .optional()
    .describe('One or two sentences for `space list`.'),
  extends: z
    .string({ error: 'extends names a shipped space or a file' })
    .min(1, 'extends names a shipped space or a file')
    .optional()
    .describe('A shipped space (paper) or a file, relative to this one: its primitives come first.'),
  units: unitCount.optional(),
  unary: primitives('x').optional(),
  binary: primitives('x1 and x2').optional(),
});
export type SpaceFile = z.infer<typeof spaceFile>;

/** JSON Schema of the files, for editors: what search-space/schema.json holds. */
export function spaceFileJsonSchema(): Record<string, unknown> {
  return {
    ...z.toJSONSchema(spaceFile, { io: 'input', reused: 'ref' }),
    title: 'Search space of activation-search',
    description: 'The primitives from which candidates are composed. See docs/search-spaces.md.',
  };
}
