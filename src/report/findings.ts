import { parse } from '../expression/notation.ts';
import { callsOf, dependsOnX } from '../expression/structure.ts';
import { mannWhitneyTest } from '../ranking/mann-whitney.ts';
import type { Candidate } from '../study/candidate.ts';
import { isFailure } from '../study/statuses.ts';
import { short } from '../terminal/numbers.ts';

/** A finding of Ramachandran, Zoph and Le (2017, section 3.2), tested on the proposals of one study. */
export interface TestedClaim {
  readonly claim: string;
  /** Functions with the property, and those without it. */
  readonly having: Group;
  readonly lacking: Group;
  /**
   * How often a function with the property is better than one without it, failures behind all scores and ties
   * counted half; null where one of the groups is empty.
   */
  readonly better: number | null;
  /** Mann and Whitney's, two-sided. */
  readonly pValue: number | null;
  readonly verdict: 'holds here' | 'the opposite holds here' | 'undecided here';
}

export interface Group {
  readonly name: string;
  readonly count: number;
  readonly failed: number;
  readonly medianScore: number | null;
}

/** One of the paper's four findings: which functions have the property, and whether it is said to help. */
interface Claim {
  readonly claim: string;
  readonly names: readonly [having: string, lacking: string];
  readonly helps: boolean;
  readonly has: (candidate: Candidate) => boolean;
}

const level = 0.05;

/** The four findings on the proposals that were trained. */
export function findings(candidates: readonly Candidate[]): readonly TestedClaim[] {
  const trained = candidates.filter(
    ({ kind, status }) => kind === 'proposed' && (status === 'complete' || isFailure(status)),
  );
  return claims(trained).map((claim) => tested(claim, trained));
}

function claims(trained: readonly Candidate[]): readonly Claim[] {
  const middle = median(trained.map(({ complexity }) => complexity)) ?? 0;
  return [
    {
      claim: 'Simple functions are better than complicated ones',
      names: [`complexity up to ${short(middle)}`, 'more complicated'],
      helps: true,
      has: ({ complexity }) => complexity <= middle,
    },
    {
      claim: 'The form b(x, g(x)) helps',
      names: ['of the form b(x, g(x))', 'other forms'],
      helps: true,
      has: ({ gated }) => gated,
    },
    {
      claim: 'Periodic parts, sin and cos, can help',
      names: ['with sin, cos or sinc', 'without'],
      helps: true,
      has: ({ expression }) => /\b(?:sin|cos|d?sinc)\(/.test(expression),
    },
    {
      claim: 'Division by something that comes near 0 harms',
      names: ['with a division by a function of x', 'without'],
      helps: false,
      has: ({ expression }) => dividesByX(expression),
    },
  ];
}

function dividesByX(formula: string): boolean {
  // Most formulas need not be parsed: they have no division, or x in the brackets behind one.
  if (!formula.includes('/')) return false;
  if (/\/ *\w*\([^()]*\bx\b/.test(formula)) return true;
  return callsOf(parse(formula), (name) => name === 'div').some(({ operands: [, divisor] }) => {
    return divisor !== undefined && dependsOnX(divisor);
  });
}

function tested({ claim, names, helps, has }: Claim, trained: readonly Candidate[]): TestedClaim {
  const [having, lacking]: [Candidate[], Candidate[]] = [[], []];
  for (const one of trained) (has(one) ? having : lacking).push(one);
  const groups = { having: groupOf(names[0], having), lacking: groupOf(names[1], lacking) };
  if (having.length === 0 || lacking.length === 0) {
    return { claim, ...groups, better: null, pValue: null, verdict: 'undecided here' };
  }
  const { less, pValue } = mannWhitneyTest(lacking.map(standing), having.map(standing));
  const agrees = helps === less > 0.5;
  const verdict = pValue > level ? 'undecided here' : agrees ? 'holds here' : 'the opposite holds here';
  return { claim, ...groups, better: less, pValue, verdict };
}

/** A failure is behind every score; a score of a higher rung is not ahead of others for that. */
function standing({ score }: Candidate): number {
  return score ?? Number.NEGATIVE_INFINITY;
}

function groupOf(name: string, candidates: readonly Candidate[]): Group {
  const scores = candidates.flatMap(({ score }) => score ?? []);
  const count = candidates.length;
  return { name, count, failed: count - scores.length, medianScore: median(scores) };
}

function median(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = values.toSorted((a, b) => a - b);
  const [low, high] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.floor(sorted.length / 2)]];
  return ((low as number) + (high as number)) / 2;
}
