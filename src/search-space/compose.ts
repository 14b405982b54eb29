import {
  call,
  type Expression,
  fold,
  parameter,
  type VariableName,
  variable,
} from '../expression/expression.ts';
import type { Primitive, SearchSpace } from './space.ts';
import { coreUnits, type Tokens } from './tokens.ts';

/**
 * The function of `x` that tokens stand for: the last unit's output. Every primitive brings parameters of its
 * own, renamed apart (`beta`, `beta2`, …) in the order unary 1, unary 2, binary, unit by unit. A unit whose output is used
 * twice is one function with one set of parameters.
 */
export function tokensToExpression(space: SearchSpace, tokens: Tokens): Expression {
  const taken = new Set<string>();
  const values: Expression[] = [variable('x')];
  for (const unit of coreUnits(space, tokens)) {
    const x1 = apply(unit.unary1, { x: values[unit.input1] as Expression }, taken);
    const x2 = apply(unit.unary2, { x: values[unit.input2] as Expression }, taken);
    values.push(apply(unit.binary, { x1, x2 }, taken));
  }
  return values.at(-1) as Expression;
}

/** A primitive over the given operands; its parameters get names that are not `taken` and take them. */
function apply(
  primitive: Primitive,
  operands: Partial<Record<VariableName, Expression>>,
  taken: Set<string>,
): Expression {
  const names = new Map<string, string>();
  const rename = (name: string): string => {
    const known = names.get(name);
    if (known !== undefined) return known;
    let fresh = name;
    for (let count = 2; taken.has(fresh); count++) fresh = `${name}${count}`;
    taken.add(fresh);
    names.set(name, fresh);
    return fresh;
  };
  return fold<Expression>(primitive.expression, {
    number: (node) => node,
    variable: (node) => operands[node.name] as Expression,
    parameter: (node) => parameter(rename(node.name), node.initial),
    call: (node, parts) => call(node.operator, ...parts),
  });
}
