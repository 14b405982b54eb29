import {
  call,
  type Expression,
  fold,
  parameter,
  type VariableName,
  variable,
} from '../expression/expression.ts';
import type { Primitive, SearchSpace } from './space.ts';
import { type CoreUnit, coreUnits, type Tokens } from './tokens.ts';

/**
 * The function of `x` that tokens stand for: the last unit's output. Every primitive brings parameters of its
 * own, renamed apart (`beta`, `beta2`, …), earlier units first. A unit whose output is used twice is one function with
 * one set of parameters; one whose output is not used leaves no trace.
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
