import { ActivationSearchError, nearestName } from '../errors.ts';
import type { Expression } from '../expression/expression.ts';
import { parametersOf } from '../expression/parameters.ts';
import { dependsOnX } from '../expression/structure.ts';
import { knownFunctions } from './catalog.ts';
import { readFormula } from './read-formula.ts';

/**
 * The expression of a formula that a person names a function by. Refuses a constant: any word can name a
 * parameter, and a misspelled name would be one.
 */
export function readFormulaOfX(text: string): Expression {
  const expression = readFormula(text);
  if (dependsOnX(expression)) return expression;
  const [parameter] = parametersOf(expression);
  const names = knownFunctions().flatMap(({ name, aliases }) => [name, ...aliases]);
  const near = nearestName(text.trim(), names);
  throw new ActivationSearchError(
    'formula',
    `"${text.trim()}" has no x: it is a constant${parameter ? `, with ${parameter.name} as a parameter` : ''}.`,
    {
      hint:
        near === undefined ? 'Write a formula of x, such as x*sigmoid(beta*x).' : `Did you mean ${near}(x)?`,
    },
  );
}
