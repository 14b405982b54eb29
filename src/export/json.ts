import { type Expression, fold } from '../expression/expression.ts';
import { print } from '../expression/notation.ts';
import type { OperatorName } from '../expression/operators.ts';
import type { ExportedFunction } from './exported-function.ts';

/** A node of the tree: a number, a name, or an operator with its operands. */
export type JsonNode =
  | { readonly number: number }
  | { readonly variable: 'x' }
  | { readonly parameter: string }
  | { readonly operator: OperatorName; readonly operands: readonly JsonNode[] };

/** The tree as JSON, with the parameters and their first values, for programs. */
export function jsonDocument(exported: ExportedFunction): string {
  const { className, expression, parameters, notes } = exported;
  const document = {
    name: className,
    formula: print(expression),
    notes,
    parameters,
    expression: tree(expression),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function tree(expression: Expression): JsonNode {
  return fold<JsonNode>(expression, {
    number: (node) => ({ number: node.value }),
    variable: () => ({ variable: 'x' }),
    parameter: (node) => ({ parameter: node.name }),
    call: (node, operands) => ({ operator: node.operator, operands }),
  });
}
