import type { Expression } from './expression.ts';
import type { TokenReader } from './token-reader.ts';
import type { Token } from './tokens.ts';

/** A comparison, which stands where another language asks for a condition. */
export interface Condition {
  readonly kind: 'condition';
  readonly left: Expression;
  readonly symbol: string;
  readonly right: Expression;
}

/** What a function of another language is called with; undefined for None. */
export type ArgumentValue = Expression | Condition | string | boolean | undefined | readonly Argument[];

export interface Argument {
  /** The keyword of `slope=0.2`; null for an argument that stands by its place. */
  readonly name: string | null;
  readonly value: ArgumentValue;
  /** Where it stands. */
  readonly token: Token;
}

const literals: ReadonlyMap<string, boolean | undefined> = new Map([
  ['None', undefined],
  ['True', true],
  ['true', true],
  ['False', false],
  ['false', false],
]);
const comparisons = ['<', '>', '<=', '>=', '==', '!='];

/** The arguments between parentheses, the opening one of which comes next. */
export function readArguments(reader: TokenReader, sum: () => Expression): readonly Argument[] {
  const open = reader.take();
  const found: Argument[] = [];
  if (!reader.isSymbol(')')) {
    do {
      if (reader.isSymbol(')')) break;
      found.push(reader.nested(open, () => readArgument(reader, sum)));
    } while (reader.isSymbol(',') && reader.take());
  }
  reader.expect(')', open);
  return found;
}

function readArgument(reader: TokenReader, sum: () => Expression): Argument {
  const token = reader.peek();
  const keyword = token.kind === 'name' && reader.peek(1).text === '=' ? token.text : null;
  if (keyword !== null) {
    reader.take();
    reader.take();
  }
  return { name: keyword, value: readValue(reader, sum), token };
}

function readValue(reader: TokenReader, sum: () => Expression): ArgumentValue {
  const token = reader.peek();
  if (token.kind === 'name' && literals.has(token.text)) return literals.get(reader.take().text);
  if (token.kind === 'text') return reader.take().text;
  if (beginsTuple(reader)) return readArguments(reader, sum);
  const left = sum();
  if (!reader.isSymbol(...comparisons)) return left;
  const symbol = reader.take().text;
  return { kind: 'condition', left, symbol, right: sum() };
}

/**
 * Whether parentheses come next that hold a comma or a comparison of their own, as in Piecewise((x, x > 0),
 * (0, True)).
 */
function beginsTuple(reader: TokenReader): boolean {
  if (!reader.isSymbol('(')) return false;
  let depth = 0;
  for (let ahead = 0; ; ahead++) {
    const { kind, text } = reader.peek(ahead);
    if (kind === 'end') return false;
    if (kind !== 'symbol') continue;
    if (text === '(') depth++;
    if (text === ')' && --depth === 0) return false;
    if (text === ',' && depth === 1) return true;
  }
}
