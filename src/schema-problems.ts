import type { z } from 'zod';
import { type Place, suggestion } from './errors.ts';
import type { Problem, YamlFile, YamlPath } from './yaml-file.ts';

/** Where the value at a path was written, or its key; undefined if it was not written in a file. */
export type PlaceOf = (path: YamlPath, part?: 'value' | 'key') => Place | undefined;

/** The places of a YAML file. */
export function placesIn(yaml: YamlFile): PlaceOf {
  return (path, part) => (part === 'key' ? yaml.placeOfKey(path) : yaml.placeOf(path));
}

/**
 * What a schema has against a value, in words, each at its place. Names that are unknown come with the
 * nearest known one.
 */
export function schemaProblems(
  schema: z.ZodType,
  value: unknown,
  error: z.ZodError,
  placeOf: PlaceOf,
): Problem[] {
  return error.issues.flatMap((issue): Problem[] => {
    const path = issue.path as YamlPath;
    const place = placeOf(path) ?? {};
    if (issue.code === 'unrecognized_keys') {
      const known = knownKeys(schema, value, path);
      return issue.keys.map((key) => ({
        message: `unknown key "${key}"${inside(path)}.`,
        hint: suggestion(key, known),
        place: placeOf([...path, key], 'key') ?? {},
      }));
    }
    const given = valueAt(value, path);
    if (given === undefined) {
      return [{ message: `the key "${String(path.at(-1))}" is missing${inside(path.slice(0, -1))}.`, place }];
    }
    if (issue.code === 'invalid_union' && 'options' in issue && Array.isArray(issue.options)) {
      const [known, subject] = [issue.options.map(String), String(path.at(-2) ?? path.at(-1))];
      const hint = typeof given === 'string' ? suggestion(given, known) : `Known: ${known.join(', ')}.`;
      return [{ message: `unknown ${subject} ${JSON.stringify(given)}.`, hint, place }];
    }
    const expected = issue.message.replace(/^Invalid input: /, '').replace(/^[A-Z](?=[a-z])/, lowered);
    return [{ message: `${path.join('.')}: ${JSON.stringify(given)} will not do: ${expected}.`, place }];
  });
}

function lowered(letter: string): string {
  return letter.toLowerCase();
}

function inside(path: YamlPath): string {
  return path.length === 0 ? '' : ` in ${path.join('.')}`;
}

function valueAt(value: unknown, path: YamlPath): unknown {
  return path.reduce<unknown>(
    (part, step) => (part as Record<PropertyKey, unknown> | undefined)?.[step],
    value,
  );
}

/** The keys that a schema knows at a path: of a union, those of the option that fits the value. */
export function knownKeys(schema: z.ZodType, value: unknown, path: YamlPath): readonly string[] {
  let [at, part]: [z.ZodType | undefined, unknown] = [chosen(schema, value), value];
  for (const step of path) {
    part = (part as Record<PropertyKey, unknown> | undefined)?.[step];
    at = chosen(typeof step === 'number' ? elementOf(at) : shapeOf(at)[String(step)], part);
  }
  return Object.keys(shapeOf(at));
}

interface Definition {
  readonly innerType?: z.ZodType;
  /** What a transformation is given. */
  readonly in?: z.ZodType;
  readonly element?: z.ZodType;
  readonly shape?: Readonly<Record<string, z.ZodType>>;
  readonly discriminator?: string;
  readonly options?: readonly z.ZodType[];
}

/**
 * The schema without defaults and transformations around it; of a union, the option of the value's kind, or
 * for its discriminator.
 */
function chosen(schema: z.ZodType | undefined, value: unknown): z.ZodType | undefined {
  const { innerType, in: input, discriminator, options } = definitionOf(schema);
  const inner = innerType ?? input;
  if (inner) return chosen(inner, value);
  if (!options) return schema;
  if (discriminator === undefined) return options.find((option) => definitionOf(option).shape);
  const named = (value as Record<string, unknown> | undefined)?.[discriminator];
  return options.find((option) => shapeOf(option)[discriminator]?.safeParse(named).success);
}

function shapeOf(schema: z.ZodType | undefined): Readonly<Record<string, z.ZodType>> {
  return definitionOf(schema).shape ?? {};
}

function elementOf(schema: z.ZodType | undefined): z.ZodType | undefined {
  return definitionOf(schema).element;
}

function definitionOf(schema: z.ZodType | undefined): Definition {
  return (schema?.def ?? {}) as Definition;
}
