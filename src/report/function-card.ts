import { derivative } from '../expression/derive.ts';
import type { Expression } from '../expression/expression.ts';
import { simplify } from '../expression/simplify.ts';
import { short } from '../terminal/numbers.ts';
import { type ShortFacts, shortFacts } from './formula-facts.ts';
import { knownText } from './function-text.ts';
import { mathml } from './mathml.ts';
import { type Asymptote, type Shape, shapeOf, type Turn, type ZeroSet } from './shape.ts';

/** All that a card says about a function of x by itself. */
export interface CardFacts extends ShortFacts {
  readonly shape: Shape;
  /** f(x) and f'(x) as MathML. */
  readonly typeset: { readonly value: string; readonly slope: string };
}

/** The facts of a card; those on values hold at the parameters' initial values. */
export function cardFacts(given: Expression): CardFacts {
  const simplified = simplify(given);
  const facts = shortFacts(simplified);
  return {
    ...facts,
    shape: shapeOf(simplified, facts.properties),
    typeset: { value: mathml(simplified), slope: mathml(simplify(derivative(simplified, 'x'))) },
  };
}

/** The facts as lines of a card: what it is, and what there is to say about it. */
export function cardLines(facts: CardFacts): readonly (readonly [what: string, text: string])[] {
  const { properties, shape, parameters, known } = facts;
  const { minimum, maximum } = properties;
  const none = 'none that values show';
  return [
    ['Known as', known ? knownText(known) : 'no function of the catalog'],
    [
      'Parameters',
      parameters.map(({ name, initial }) => `${name}, from ${short(initial)}`).join('; ') || 'none',
    ],
    [
      'Structure',
      `complexity ${facts.complexity}; ${facts.gated ? 'b(x, g(x))' : 'not of the form b(x, g(x))'}`,
    ],
    [
      'On [-5, 5]',
      minimum && maximum ? `from ${short(minimum.value)} to ${short(maximum.value)}` : 'nowhere finite',
    ],
    ['Monotone', monotone[properties.monotone]],
    ['Turns', several(shape.turns.map(turnText)) || 'nowhere'],
    ['Zeros', several(shape.zeros.map(zeroText)) || 'none'],
    ['Asymptote left', shape.asymptoteLeft ? lineText(shape.asymptoteLeft) : none],
    ['Asymptote right', shape.asymptoteRight ? lineText(shape.asymptoteRight) : none],
    ['For x from N(0, 1)', momentsText(shape)],
    ['Lipschitz bound', shape.lipschitz === null ? 'none: it becomes ever steeper' : short(shape.lipschitz)],
  ];
}

const mostListed = 4;

/** The first few, and how many more there are. */
function several(texts: readonly string[]): string {
  const more = texts.length - mostListed;
  const listed = texts.slice(0, mostListed).join('; ');
  return more > 0 ? `${listed}; and ${more} more` : listed;
}

const monotone = {
  rising: 'yes: it never falls',
  falling: 'yes: it never rises',
  constant: 'constant',
  no: 'no',
} as const;

function turnText({ kind, x, value }: Turn): string {
  return `${kind} ${short(value)} at ${short(x)}`;
}

function zeroText({ from, to }: ZeroSet): string {
  return from === to ? `${short(from)}` : `from ${short(from)} to ${short(to)}`;
}

function lineText({ slope, intercept }: Asymptote): string {
  if (slope === 0) return `y = ${short(intercept)}`;
  const factor = Math.abs(slope) === 1 ? '' : `${short(Math.abs(slope))} `;
  const summand = intercept === 0 ? '' : ` ${intercept < 0 ? '-' : '+'} ${short(Math.abs(intercept))}`;
  return `y = ${slope < 0 ? '-' : ''}${factor}x${summand}`;
}

function momentsText({ gaussianMean, gaussianVariance }: Shape): string {
  if (gaussianMean === null || gaussianVariance === null) return 'no finite mean and variance';
  const mean = Math.abs(gaussianMean) < 1e-12 ? 0 : gaussianMean;
  return `mean ${short(mean)}, variance ${short(gaussianVariance)}`;
}
