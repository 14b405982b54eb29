import { nearestName, suggestion } from '../errors.ts';
import type { ForeignNames } from './foreign-names.ts';
import { type OperatorName, operatorFor, operatorNames } from './operators.ts';

/** Names that mean something else than a parameter or a function. */
export const reserved: readonly string[] = ['pi', 'e', 'inf', 'infinity', 'nan', 'x', 'x1', 'x2'];

/** The operators that are written as functions, by name. */
export const functions: ReadonlyMap<string, OperatorName> = new Map(
  operatorNames.flatMap((name) => {
    const { kind } = operatorFor(name).notation;
    return kind === 'function' || kind === 'bars' ? [[name, name] as const] : [];
  }),
);

/** How a function is called, such as max(x, 0). */
export function callExample(name: string): string {
  return operatorFor(functions.get(name) as OperatorName).arity === 1 ? `${name}(x)` : `${name}(x, 0)`;
}

/** Why a name that stands alone names no parameter; undefined where it does. */
export function parameterProblem(
  name: string,
  {
    parameters: allowed,
    foreign,
  }: { readonly parameters?: readonly string[]; readonly foreign?: ForeignNames },
): { readonly message: string; readonly hint: string } | undefined {
  if (reserved.includes(name)) {
    const hint = name === 'e' ? 'Write exp(1), or another name for a parameter.' : 'Numbers are finite.';
    return { message: `${name} cannot name a parameter`, hint };
  }
  // Values are kept by name in objects, which have such a name of their own.
  if (name in Object.prototype) {
    return { message: `${name} cannot name a parameter`, hint: 'Choose another name, such as beta.' };
  }
  if (allowed) {
    if (allowed.includes(name)) return undefined;
    return { message: `${name} is not known`, hint: suggestion(name, [...allowed, ...functions.keys()]) };
  }
  if (foreign?.isReserved(name)) {
    return { message: `the function ${name} stands without an operand`, hint: `Write ${name}(x).` };
  }
  const near = name.length >= 4 ? nearestName(name, functions.keys()) : undefined;
  if (near !== undefined && Math.abs(near.length - name.length) <= 1 && near.length >= 4) {
    return { message: `${name} is not known`, hint: `Did you mean ${callExample(near)}?` };
  }
  if (/^[a-z][a-z0-9_]*$/.test(name)) return undefined;
  return {
    message: `${name} cannot name a parameter`,
    hint: 'A parameter begins with a lower-case letter, followed by lower-case letters, digits or _, such as beta.',
  };
}
