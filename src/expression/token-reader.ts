import type { ActivationSearchError } from '../errors.ts';
import { formulaError, type Source, type Token } from './tokens.ts';

const deepestNesting = 200;

/** Where a parser stands in the tokens of a formula. */
export class TokenReader {
  readonly tokens: readonly Token[];
  readonly #source: Source;
  #next = 0;
  #nesting = 0;

  constructor(source: Source, tokens: readonly Token[]) {
    this.#source = source;
    this.tokens = tokens;
  }

  /** The token that comes next, or one after it. */
  peek(ahead = 0): Token {
    return this.tokens[Math.min(this.#next + ahead, this.tokens.length - 1)] as Token;
  }

  take(): Token {
    const token = this.peek();
    if (token.kind !== 'end') this.#next++;
    return token;
  }

  isSymbol(...texts: readonly string[]): boolean {
    const token = this.peek();
    return token.kind === 'symbol' && texts.includes(token.text);
  }

  /** Takes the closing symbol of an opening one. */
  expect(text: string, opening: Token): void {
    if (this.isSymbol(text)) {
      this.take();
      return;
    }
    const token = this.peek();
    if (token.kind === 'end')
      throw this.error(opening, `this "${opening.text}" is never closed`, `Add "${text}".`);
    throw this.unexpected(token);
  }

  /** What `read` reads, one level deeper; refuses what is nested so deep that a stack might overflow. */
  nested<T>(token: Token, read: () => T): T {
    if (++this.#nesting > deepestNesting) {
      throw this.error(
        token,
        `the formula is nested more than ${deepestNesting} deep`,
        'Leave out parentheses.',
      );
    }
    const result = read();
    this.#nesting--;
    return result;
  }

  unexpected(token: Token): ActivationSearchError {
    const previous = this.tokens[this.tokens.indexOf(token) - 1];
    if (token.kind === 'end') return this.error(token, 'the formula ends where an operand should stand');
    const endsOperand = previous && (previous.kind !== 'symbol' || [')', '|', ']'].includes(previous.text));
    if (endsOperand && (token.kind !== 'symbol' || ['(', '|'].includes(token.text))) {
      const hint = `To multiply, write ${previous.text}*${token.text}.`;
      return this.error(token, `an operator is missing before "${token.text}"`, hint);
    }
    return this.error(token, `"${token.text}" cannot stand here`, adviceFor(token.text));
  }

  error(token: Token, message: string, hint?: string): ActivationSearchError {
    return formulaError(this.#source, token.at, message, hint);
  }
}

function adviceFor(symbol: string): string | undefined {
  if (symbol === ')') return 'There is no "(" that it closes, or an operand is missing.';
  if (symbol === '=') return 'A formula is the right-hand side alone.';
  if (/[<>]|[=!]=/.test(symbol)) return 'A comparison stands as the first argument of where(x > 0, a, b).';
  return undefined;
}
