import type { Expression } from '../expression/expression.ts';
import { FunctionIndex, fingerprint } from '../expression/fingerprint.ts';
import { parametersOf } from '../expression/parameters.ts';
import { simplify } from '../expression/simplify.ts';
import { type KnownFunction, knownFunctions } from './catalog.ts';
import { CurveTable } from './curves.ts';
import { scaled, withNumbers } from './scaled.ts';

/** Which known function a function is: outputScale * known(inputScale * x). */
export interface Recognition {
  readonly known: KnownFunction;
  readonly kind: 'equal' | 'mirrored' | 'scaled' | 'parameter';
  /** 1 where it is the function itself; 1 or -1 where it is its mirror image. */
  readonly inputScale: number;
  readonly outputScale: number;
  /** The parameter of the known function that stands at another value than its initial one. */
  readonly parameter: { readonly name: string; readonly value: number } | null;
  /** It holds at the initial values of the parameters only, its own or those of the known function. */
  readonly atStart: boolean;
}

export interface RecognizeOptions {
  /** Look for scaled functions and other values of parameters too, which takes a millisecond more. */
  readonly scales?: boolean;
}

type Place = Omit<Recognition, 'known' | 'kind'> & { readonly index: number };

/** What was found for each fingerprint: tables show the same functions again and again. */
const remembered = {
  exact: new Map<string, Recognition | null>(),
  scaled: new Map<string, Recognition | null>(),
};

/**
 * The known function that this one equals, by what it does: exactly, for all values of the parameters; or
 * mirrored (-f(-x), f(-x), -f(x)); or so at the initial values of parameters; or scaled in input and output;
 * or with one parameter of the known function at another value. Undefined for a function that is none of
 * these.
 */
export function recognize(
  expression: Expression,
  { scales = true }: RecognizeOptions = {},
): Recognition | undefined {
  const simplified = simplify(expression);
  const key = fingerprint(simplified);
  let exact = remembered.exact.get(key);
  if (exact === undefined) {
    exact = named(findExact(simplified));
    remembered.exact.set(key, exact);
  }
  if (exact || !scales) return exact ?? undefined;
  let other = remembered.scaled.get(key);
  if (other === undefined) {
    other = named(findScaled(simplified));
    remembered.scaled.set(key, other);
  }
  return other ?? undefined;
}

/** The recognition in words, such as "SiLU", "SiLU mirrored: -f(-x)" or "PReLU with alpha = 0.1". */
export function describeRecognition(recognition: Recognition): string {
  const { inputScale, outputScale, atStart } = recognition;
  const form = inputScale === 1 && outputScale === 1 ? '' : `: ${times(outputScale)}f(${times(inputScale)}x)`;
  return `${nameAndKind(recognition)}${form}${atStart ? ', with parameters at their initial values' : ''}`;
}

/** The recognition in a few words, without the scales: "SiLU mirrored", "SiLU at the start". */
export function briefRecognition(recognition: Recognition): string {
  return `${nameAndKind(recognition)}${recognition.atStart ? ' at the start' : ''}`;
}

function nameAndKind({ known, parameter, kind }: Recognition): string {
  const name = parameter ? `${known.name} with ${parameter.name} = ${short(parameter.value)}` : known.name;
  return `${name}${{ equal: '', mirrored: ' mirrored', scaled: ' scaled', parameter: '' }[kind]}`;
}

const mirrors = [
  [1, 1],
  [-1, -1],
  [-1, 1],
  [1, -1],
] as const;

/** Every formula of the catalog, with the function that it belongs to. */
const spellings = once(() =>
  knownFunctions().flatMap((known) =>
    [known.expression, ...known.also].map((expression) => ({ known, expression })),
  ),
);

const images = once(() => {
  const exact = new FunctionIndex({ starts: 'ignored' });
  const initial = new FunctionIndex();
  const places: Omit<Place, 'atStart'>[] = [];
  for (const [inputScale, outputScale] of mirrors) {
    spellings().forEach(({ expression }, index) => {
      const image = scaled(expression, inputScale, outputScale);
      exact.add(image, places.length);
      if (parametersOf(expression).length === 0) initial.add(image, places.length);
      places.push({ index, inputScale, outputScale, parameter: null });
    });
  }
  return { exact, initial, places };
});

const curves = once(() => new CurveTable(spellings().map(({ expression }) => expression)));

function findExact(simplified: Expression): Place | undefined {
  const { exact, initial, places } = images();
  const always = exact.find(simplified);
  if (always !== undefined) return { ...(places[always] as Place), atStart: false };
  const starting = initial.find(withNumbers(simplified));
  return starting === undefined ? undefined : { ...(places[starting] as Place), atStart: true };
}

function findScaled(simplified: Expression): Place | undefined {
  const match = curves().find(simplify(withNumbers(simplified)));
  if (!match) return undefined;
  const { expression } = spellings()[match.index] as { readonly expression: Expression };
  const left = parametersOf(expression).length - (match.parameter ? 1 : 0);
  return { ...match, atStart: left > 0 || parametersOf(simplified).length > 0 };
}

function named(place: Place | undefined): Recognition | null {
  if (!place) return null;
  const { index, inputScale, outputScale, parameter, atStart } = place;
  const { known } = spellings()[index] as { readonly known: KnownFunction };
  const unscaled = inputScale === 1 && outputScale === 1;
  const mirrored = Math.abs(inputScale) === 1 && Math.abs(outputScale) === 1;
  const kind = unscaled ? (parameter ? 'parameter' : 'equal') : mirrored ? 'mirrored' : 'scaled';
  return { known, kind, inputScale, outputScale, parameter, atStart };
}

/** The value of a function that is called once, when it is first wanted. */
function once<T>(make: () => T): () => T {
  let value: { readonly made: T } | undefined;
  return () => {
    value ??= { made: make() };
    return value.made;
  };
}

function times(scale: number): string {
  if (Math.abs(scale) === 1) return scale < 0 ? '-' : '';
  return `${short(scale)}*`;
}

function short(value: number): string {
  return String(Number(value.toPrecision(6)));
}
