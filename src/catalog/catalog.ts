import { z } from 'zod';
import { ActivationSearchError } from '../errors.ts';
import type { Expression } from '../expression/expression.ts';
import { parse } from '../expression/notation.ts';
import { catalogFile } from '../paths.ts';
import { readYamlFile } from '../yaml-file.ts';

/** An activation function from the literature. */
export interface KnownFunction {
  readonly name: string;
  /** In our notation, as it is trained where a study compares with it. */
  readonly formula: string;
  readonly expression: Expression;
  /** Formulas that count as the same function: with constants rounded otherwise. */
  readonly also: readonly Expression[];
  readonly aliases: readonly string[];
  readonly year: number;
  /** Authors and title, or where it is documented. */
  readonly source: string;
  /** What the source leaves open; empty for most. */
  readonly note: string;
}

const entry = z.strictObject({
  name: z.string().min(1),
  formula: z.string().min(1),
  also: z.array(z.string()).default([]),
  aliases: z.array(z.string().min(1)).default([]),
  year: z.int().min(1900).max(2100),
  source: z.string().min(10),
  note: z.string().default(''),
});

let functions: readonly KnownFunction[] | undefined;
let byName: ReadonlyMap<string, KnownFunction> | undefined;

/** All known functions in the order of the catalog; read at the first call. */
export function knownFunctions(): readonly KnownFunction[] {
  functions ??= read();
  return functions;
}

/**
 * The known function of a name or alias, however it is capitalized and hyphenated: GELU, hard_swish,
 * HardSwish.
 */
export function knownFunction(name: string): KnownFunction | undefined {
  byName ??= new Map(
    knownFunctions().flatMap((known) => [known.name, ...known.aliases].map((one) => [plain(one), known])),
  );
  return byName.get(plain(name));
}

/** The formula of a known function, by a name that must be in the catalog. */
export function knownFormula(name: string): string {
  const known = knownFunction(name);
  if (!known) throw new RangeError(`${name} is not in ${catalogFile}`);
  return known.formula;
}

/** What names are compared by: Hard Swish, hard_swish and HardSwish are one. */
export function plain(name: string): string {
  return name.toLowerCase().replace(/[\s_-]/g, '');
}

function read(): readonly KnownFunction[] {
  const yaml = readYamlFile(catalogFile, 'internal');
  const entries = z.array(entry).safeParse(yaml.value);
  if (!entries.success) {
    const [issue] = entries.error.issues;
    throw new ActivationSearchError('internal', issue?.message ?? 'the catalog cannot be read', {
      place: yaml.placeOf(issue?.path ?? []),
    });
  }
  return entries.data.map(({ also, ...known }, index) => ({
    ...known,
    expression: parse(known.formula, yaml.placeOf([index, 'formula'])),
    also: also.map((formula) => parse(formula, yaml.placeOf([index, 'also']))),
  }));
}
