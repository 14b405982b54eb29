import { parametersOf } from '../expression/derive.ts';
import { type Expression, variable } from '../expression/expression.ts';
import { type Operands, substitute } from '../expression/substitute.ts';
import type { Primitive, SearchSpace } from './space.ts';
import { type CoreUnit, coreUnits, type Tokens } from './tokens.ts';

/**
 * The function of `x` that tokens stand for: the last unit's output. Each use of a primitive has its own
 * parameters, renamed `beta`, `beta2`, … in the order of the units. A unit whose output is used twice has one
 * set of parameters; a unit whose output is not used does not appear.
 */
export function tokensToExpression(space: SearchSpace, tokens: Tokens): Expression {
  const units = coreUnits(space, tokens);
  const taken = new Set<string>();
  const outputs = new Map<number, Expression>([[0, variable('x')]]);
  const output = (number: number): Expression => {
    const known = outputs.get(number);
    if (known !== undefined) return known;
    const unit = units[number - 1] as CoreUnit;
    const inputs = [output(unit.input1), output(unit.input2)] as const;
    const x1 = apply(unit.unary1, { x: inputs[0] }, taken);
    const x2 = apply(unit.unary2, { x: inputs[1] }, taken);
    const result = apply(unit.binary, { x1, x2 }, taken);
    outputs.set(number, result);
    return result;
  };
  return output(units.length);
}

/** A primitive applied to operands. Adds the names of its parameters to `taken`. */
function apply(primitive: Primitive, operands: Operands, taken: Set<string>): Expression {
  const { expression } = primitive;
  const hasParameters = parametersOf(expression).length > 0;
  if (!hasParameters && operands.x === variable('x')) return expression;
  const result = substitute(expression, operands, taken);
  if (hasParameters) for (const { name } of parametersOf(result)) taken.add(name);
  return result;
}
