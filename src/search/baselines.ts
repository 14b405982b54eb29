import { knownFormula } from '../catalog/catalog.ts';
import { ActivationSearchError, suggestion } from '../errors.ts';

/**
 * Functions of the catalog that each study trains for comparison, as Ramachandran, Zoph and Le (2017) do, in
 * the order in which they are trained. ReLU comes first, because scores are made with it. Controllers never
 * learn of them.
 */
export const baselineNames = [
  'ReLU',
  'LReLU',
  'PReLU',
  'Softplus',
  'ELU',
  'SELU',
  'GELU',
  'Swish-1',
  'Swish',
] as const;

export type BaselineName = (typeof baselineNames)[number];

export function baselineFormula(name: BaselineName): string {
  return knownFormula(name);
}

/**
 * The baselines of a study, ReLU always first: all, none but ReLU, or those of a list. Refuses unknown names.
 */
export function chosenBaselines(given: boolean | readonly string[]): readonly BaselineName[] {
  if (typeof given === 'boolean') return given ? baselineNames : ['ReLU'];
  for (const name of given) {
    if ((baselineNames as readonly string[]).includes(name)) continue;
    throw new ActivationSearchError('config', `unknown baseline "${name}".`, {
      hint: suggestion(name, baselineNames),
    });
  }
  return baselineNames.filter((name) => name === 'ReLU' || given.includes(name));
}
