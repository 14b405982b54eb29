import type { CallNode, Expression } from './expression.ts';
import { type Operator, operatorFor } from './operators.ts';

/**
 * The formula of an expression with as few parentheses as its tree allows; parse(print(e)) is e again.
 * An initial value other than 1 stands at every occurrence of its parameter.
 */
export function print(expression: Expression): string {
  return write(expression).text;
}

interface Written {
  readonly text: string;
  readonly precedence: number;
}

const atomPrecedence = 5;
const prefixPrecedence = 2;

function write(expression: Expression): Written {
  switch (expression.kind) {
    case 'number': {
      const size = Math.abs(expression.value);
      const text = size === Math.PI ? 'pi' : String(size);
      return expression.value < 0
        ? { text: `-${text}`, precedence: prefixPrecedence }
        : { text, precedence: atomPrecedence };
    }
    case 'variable':
      return { text: expression.name, precedence: atomPrecedence };
    case 'parameter': {
      const { name, initial } = expression;
      return { text: initial === 1 ? name : `${name}[${initial}]`, precedence: atomPrecedence };
    }
    case 'call':
      return writeCall(expression, operatorFor(expression.operator));
  }
}

function writeCall(node: CallNode, { notation }: Operator): Written {
  const [first, second] = node.operands.map(write) as [Written, Written?];
  switch (notation.kind) {
    case 'function': {
      const operands = second ? `${first.text}, ${second.text}` : first.text;
      return { text: `${node.operator}(${operands})`, precedence: atomPrecedence };
    }
    case 'bars':
      return { text: `|${first.text}|`, precedence: atomPrecedence };
    case 'power':
      return {
        text: `${within(first, atomPrecedence)}^${notation.exponent}`,
        precedence: notation.precedence,
      };
    case 'prefix': {
      // Before a number the minus sign would become part of it.
      const inner = /^[-\d.]|^pi\b/.test(first.text)
        ? `(${first.text})`
        : within(first, notation.precedence + 1);
      return { text: `-${inner}`, precedence: notation.precedence };
    }
    case 'infix': {
      const { symbol, precedence, rightAssociative } = notation;
      const left = within(first, rightAssociative ? precedence + 1 : precedence, isLeading(node, precedence));
      const right = within(second as Written, rightAssociative ? precedence : precedence + 1);
      // x + (-y) and x - (-2*y) need no parentheses but read better with them.
      const operand = right.startsWith('-') ? `(${right})` : right;
      return {
        text: precedence === 1 ? `${left} ${symbol} ${operand}` : `${left}${symbol}${operand}`,
        precedence,
      };
    }
  }
}

/** A negative number may lead a product or sum without parentheses: -2*x, -2 + x. */
function isLeading(node: CallNode, precedence: number): boolean {
  return node.operands[0]?.kind === 'number' && precedence < 4;
}

function within({ text, precedence }: Written, least: number, leading = false): string {
  return precedence >= least || leading ? text : `(${text})`;
}
