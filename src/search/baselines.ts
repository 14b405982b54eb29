import { ActivationSearchError, suggestion } from '../errors.ts';

/**
 * Known activation functions that each study trains for comparison, with the constants of Ramachandran, Zoph and
 * Le (2017), in the order in which they are trained. ReLU comes first, for scores are made with it. Controllers
 * are never told of them.
 */
export const baselines = {
  ReLU: 'max(x, 0)',
  LReLU: 'max(x, 0.01*x)',
  PReLU: 'max(x, 0) + alpha[0.25]*min(x, 0)',
  Softplus: 'softplus(x)',
  ELU: 'max(x, 0) + expm1(min(x, 0))',
  SELU: '1.0507*(max(x, 0) + 1.6733*expm1(min(x, 0)))',
  GELU: '0.5*x*(1 + erf(x/sqrt(2)))',
  'Swish-1': 'x*sigmoid(x)',
  Swish: 'x*sigmoid(beta*x)',
} as const satisfies Record<string, string>;

export type BaselineName = keyof typeof baselines;

export const baselineNames = Object.keys(baselines) as readonly BaselineName[];

/** The baselines of a study, ReLU always first: all, none but ReLU, or those of a list. Refuses unknown names. */
export function chosenBaselines(given: boolean | readonly string[]): readonly BaselineName[] {
  if (typeof given === 'boolean') return given ? baselineNames : ['ReLU'];
  for (const name of given) {
    if (Object.hasOwn(baselines, name)) continue;
    throw new ActivationSearchError('config', `unknown baseline "${name}".`, {
      hint: suggestion(name, baselineNames),
    });
  }
  return baselineNames.filter((name) => name === 'ReLU' || given.includes(name));
}
