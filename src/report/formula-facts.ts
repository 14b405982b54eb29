import { describeRecognition, recognize } from '../catalog/recognize.ts';
import { derivative, parametersOf } from '../expression/derive.ts';
import type { Expression } from '../expression/expression.ts';
import { fingerprint } from '../expression/fingerprint.ts';
import { print } from '../expression/notation.ts';
import { type Refusal, refuse } from '../expression/refusal.ts';
import { simplify } from '../expression/simplify.ts';
import { complexity, isGated } from '../expression/structure.ts';
import { fragileRegion } from '../search-space/regions.ts';
import { type Properties, propertiesOf } from './properties.ts';

/** What a card says of a function besides its shape. */
export interface ShortFacts {
  readonly parameters: readonly { readonly name: string; readonly initial: number }[];
  /** The known function that it equals; null for a new one. */
  readonly known: KnownFacts | null;
  readonly complexity: number;
  readonly gated: boolean;
  readonly properties: Properties;
}

/** What follows from the formula alone. */
export interface FormulaFacts extends ShortFacts {
  /** As given, printed in the usual way. */
  readonly formula: string;
  readonly simplified: string;
  /** By `x`, then by each parameter. */
  readonly derivatives: readonly { readonly by: string; readonly formula: string }[];
  readonly fingerprint: string;
  /** Why a search would not train it. */
  readonly refusal: Refusal | null;
  /** Where float32 loses the simplified formula though the function is finite; empty for most. */
  readonly fragile: string;
}

/** Which known function a function is, and how. */
export interface KnownFacts {
  readonly name: string;
  readonly formula: string;
  readonly year: number;
  readonly source: string;
  /** In words: name, kind of match, scales. */
  readonly match: string;
  readonly kind: 'equal' | 'mirrored' | 'scaled' | 'parameter';
  /** The function is outputScale * known(inputScale * x). */
  readonly inputScale: number;
  readonly outputScale: number;
  readonly parameter: { readonly name: string; readonly value: number } | null;
  /** It holds at the initial values of parameters only. */
  readonly atStart: boolean;
}

/** What the catalog of known functions says about a function of x. */
export function knownFacts(expression: Expression): KnownFacts | null {
  const recognition = recognize(expression);
  if (!recognition) return null;
  const { known, ...rest } = recognition;
  const { name, formula, year, source } = known;
  return { name, formula, year, source, match: describeRecognition(recognition), ...rest };
}

/** Facts of a function of x; those on values hold at the parameters' initial values. */
export function formulaFacts(given: Expression): FormulaFacts {
  const simplified = simplify(given);
  const { parameters, known, properties, ...structure } = shortFacts(simplified);
  return {
    formula: print(given),
    simplified: print(simplified),
    parameters,
    known,
    derivatives: ['x', ...parameters.map(({ name }) => name)].map((by) => ({
      by,
      formula: print(simplify(derivative(simplified, by))),
    })),
    ...structure,
    fingerprint: fingerprint(simplified),
    refusal: refuse(simplified) ?? null,
    fragile: fragileRegion(simplified).text,
    properties,
  };
}

/** The facts of a simplified function that take little time. */
export function shortFacts(simplified: Expression): ShortFacts {
  return {
    parameters: parametersOf(simplified).map(({ name, initial }) => ({ name, initial })),
    known: knownFacts(simplified),
    complexity: complexity(simplified),
    gated: isGated(simplified),
    properties: propertiesOf(simplified),
  };
}
