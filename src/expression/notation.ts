import { nearestName, suggestion } from '../errors.ts';
import { call, type Expression, number, parameter, type VariableName, variable } from './expression.ts';
import { elsewhere } from './foreign-names.ts';
import { type OperatorName, operatorFor, operatorNames } from './operators.ts';
import { formulaError, type Source, type Token, tokenize } from './tokens.ts';

export { print } from './print.ts';

export interface ParseOptions {
  readonly file?: string;
  /** Place of the text's first character in the file, counted from 1. */
  readonly line?: number;
  readonly column?: number;
  /** The variables that may occur: `x` unless given; `x1`, `x2` in binary primitives. */
  readonly variables?: readonly VariableName[];
  /** The parameter names that may occur; any lower-case name that is no function's unless given. */
  readonly parameters?: readonly string[];
}

/**
 * The expression that a formula says. Throws an ActivationSearchError with code 'formula', line and column.
 *
 *     sum     = product ( ('+' | '-') product )*
 *     product = '-' product | power ( ('*' | '/') power )*
 *     power   = atom ( '^' ( '-' )? power )?
 *     atom    = number | 'pi' | variable | parameter ( '[' initial value ']' )? | function '(' sum, … ')'
 *             | '(' sum ')' | '|' sum '|'
 *
 * A minus sign right before a number belongs to the number, unless a power follows: -2*x is (-2)*x, -2^2 is -(2^2).
 */
export function parse(text: string, options: ParseOptions = {}): Expression {
  return new Parser({ ...options, text }, options).formula();
}

const deepestNesting = 200;
const deepestTree = 400;
const reserved = ['pi', 'e', 'inf', 'infinity', 'nan', 'x', 'x1', 'x2'];
const powerSymbol = '^';

const functions: ReadonlyMap<string, OperatorName> = new Map(
  operatorNames.flatMap((name) => {
    const { kind } = operatorFor(name).notation;
    return kind === 'function' || kind === 'bars' ? [[name, name] as const] : [];
  }),
);
const infix: ReadonlyMap<string, OperatorName> = new Map(
  operatorNames.flatMap((name) => {
    const { notation } = operatorFor(name);
    return notation.kind === 'infix' ? [[notation.symbol, name] as const] : [];
  }),
);
const prefix = operatorNames.find((name) => operatorFor(name).notation.kind === 'prefix') as OperatorName;
const bars = operatorNames.find((name) => operatorFor(name).notation.kind === 'bars') as OperatorName;

class Parser {
  readonly #source: Source;
  readonly #options: ParseOptions;
  readonly #tokens: readonly Token[];
  readonly #initials = new Map<string, number>();
  readonly #depths = new Map<Expression, number>();
  #next = 0;
  #nesting = 0;

  constructor(source: Source, options: ParseOptions) {
    this.#source = source;
    this.#options = options;
    this.#tokens = tokenize(source);
  }

  formula(): Expression {
    if (this.#peek().kind === 'end')
      throw this.#error(this.#peek(), 'the formula is empty', 'Write one, such as x*sigmoid(x).');
    this.#readInitials();
    const expression = this.#sum();
    const token = this.#peek();
    if (token.kind !== 'end') throw this.#unexpected(token);
    return expression;
  }

  #sum(): Expression {
    let left = this.#product();
    while (this.#isSymbol('+', '-')) {
      const token = this.#take();
      left = this.#infix(token, left, this.#product());
    }
    return left;
  }

  #product(): Expression {
    let left = this.#isSymbol('-') ? this.#negation(() => this.#product()) : this.#power();
    // A negation took the whole product, a negative number its first factor only.
    while (this.#isSymbol('*', '/')) {
      const token = this.#take();
      left = this.#infix(
        token,
        left,
        this.#isSymbol('-') ? this.#negation(() => this.#power()) : this.#power(),
      );
    }
    return left;
  }

  /** At a minus sign: a negative number, or the negation of what `operand` reads. */
  #negation(operand: () => Expression): Expression {
    const minus = this.#take();
    return this.#nested(minus, () => {
      const token = this.#peek();
      const follower = this.#tokens[this.#next + 1];
      if (isLiteral(token) && follower?.text !== powerSymbol) return this.#build(minus, prefix, this.#atom());
      const inner = this.#isSymbol('-') ? this.#negation(operand) : operand();
      return this.#build(minus, prefix, inner);
    });
  }

  #power(): Expression {
    const base = this.#atom();
    if (!this.#isSymbol(powerSymbol)) return base;
    const token = this.#take();
    const exponent = this.#nested(token, () =>
      this.#isSymbol('-') ? this.#negation(() => this.#power()) : this.#power(),
    );
    return this.#infix(token, base, exponent);
  }

  #atom(): Expression {
    const token = this.#take();
    if (token.kind === 'number') return number(Number(token.text));
    if (token.kind === 'name') return this.#name(token);
    if (token.text === '(') {
      const inner = this.#nested(token, () => this.#sum());
      this.#expect(')', token);
      return inner;
    }
    if (token.text === '|') {
      const inner = this.#nested(token, () => this.#sum());
      this.#expect('|', token);
      return this.#build(token, bars, inner);
    }
    throw this.#unexpected(token);
  }

  #name(token: Token): Expression {
    const name = token.text;
    if (this.#isSymbol('(')) return this.#functionCall(token);
    if (name === 'pi') return number(Math.PI);
    if (name === 'x' || name === 'x1' || name === 'x2') return this.#variable(token, name);
    if (functions.has(name)) {
      throw this.#error(token, `the function ${name} stands without an operand`, `Write ${example(name)}.`);
    }
    this.#checkParameterName(token);
    if (this.#isSymbol('[')) while (this.#take().text !== ']');
    return parameter(name, this.#initials.get(name) ?? 1);
  }

  #variable(token: Token, name: VariableName): Expression {
    const allowed = this.#options.variables ?? ['x'];
    if (allowed.includes(name)) return variable(name);
    const hint =
      name === 'x'
        ? `The inputs of a binary primitive are x1 and x2.`
        : `x1 and x2 are the inputs of a binary primitive.`;
    throw this.#error(
      token,
      `${name} is not known here, only ${allowed.join(' and ') || 'parameters'}`,
      hint,
    );
  }

  #checkParameterName(token: Token): void {
    const name = token.text;
    const allowed = this.#options.parameters;
    if (reserved.includes(name)) {
      const hint = name === 'e' ? 'Write exp(1), or another name for a parameter.' : 'Numbers are finite.';
      throw this.#error(token, `${name} cannot name a parameter`, hint);
    }
    if (allowed) {
      if (allowed.includes(name)) return;
      throw this.#error(token, `${name} is not known`, suggestion(name, [...allowed, ...functions.keys()]));
    }
    const other = elsewhere[name];
    if (other !== undefined) throw this.#error(token, `${name} is not known`, `Write ${other}.`);
    const near = name.length >= 4 ? nearestName(name, functions.keys()) : undefined;
    if (near !== undefined && Math.abs(near.length - name.length) <= 1 && near.length >= 4) {
      throw this.#error(token, `${name} is not known`, `Did you mean ${example(near)}?`);
    }
    if (!/^[a-z][a-z0-9_]*$/.test(name)) {
      throw this.#error(
        token,
        `${name} cannot name a parameter`,
        'A parameter begins with a lower-case letter, followed by lower-case letters, digits or _, such as beta.',
      );
    }
  }

  #functionCall(token: Token): Expression {
    const operator = functions.get(token.text);
    if (operator === undefined)
      throw this.#error(token, `unknown function "${token.text}"`, this.#functionHint(token.text));
    const open = this.#take();
    const operands: Expression[] = [];
    if (!this.#isSymbol(')')) {
      do operands.push(this.#nested(open, () => this.#sum()));
      while (this.#isSymbol(',') && this.#take());
    }
    this.#expect(')', open);
    const { arity } = operatorFor(operator);
    if (operands.length !== arity) {
      const wanted = arity === 1 ? 'one operand' : 'two operands';
      throw this.#error(
        token,
        `${token.text} takes ${wanted}, not ${operands.length}`,
        `Write ${example(token.text)}.`,
      );
    }
    return this.#build(token, operator, ...operands);
  }

  #functionHint(name: string): string {
    const other = elsewhere[name];
    if (other !== undefined) return `Write ${other}.`;
    if (reserved.includes(name)) return `To multiply, write ${name}*(…).`;
    return suggestion(name, [...functions.keys()]);
  }

  /** Reads all `name[initial value]` ahead, so that each occurrence of the name has the same. */
  #readInitials(): void {
    this.#tokens.forEach((token, index) => {
      if (token.kind !== 'name' || this.#tokens[index + 1]?.text !== '[') return;
      const rest = this.#tokens.slice(index + 2, index + 5);
      const sign = rest[0]?.text === '-' ? -1 : 1;
      const [value, close] = sign === -1 ? rest.slice(1) : rest;
      if (value?.kind !== 'number' || close?.text !== ']') {
        const hint = `Write a number between the brackets, such as ${token.text}[0.25].`;
        throw this.#error(value ?? token, `the initial value of ${token.text} is not a number`, hint);
      }
      if (functions.has(token.text) || reserved.includes(token.text)) {
        throw this.#error(token, `${token.text} has no initial value`, 'Only a parameter has one.');
      }
      const initial = sign * Number(value.text);
      const earlier = this.#initials.get(token.text);
      if (earlier !== undefined && earlier !== initial) {
        const message = `${token.text} has two initial values, ${earlier} and ${initial}`;
        throw this.#error(token, message, 'The same name is the same parameter; rename one.');
      }
      this.#initials.set(token.text, initial);
    });
  }

  #infix(token: Token, left: Expression, right: Expression): Expression {
    return this.#build(token, infix.get(token.text) as OperatorName, left, right);
  }

  #build(token: Token, operator: OperatorName, ...operands: readonly Expression[]): Expression {
    const node = call(operator, ...operands);
    const depth = 1 + Math.max(...operands.map((operand) => this.#depths.get(operand) ?? 0));
    if (depth > deepestTree)
      throw this.#error(token, `the formula has more than ${deepestTree} operators in a chain`);
    this.#depths.set(node, depth);
    return node;
  }

  #nested<T>(token: Token, read: () => T): T {
    if (++this.#nesting > deepestNesting) {
      throw this.#error(
        token,
        `the formula is nested more than ${deepestNesting} deep`,
        'Leave out parentheses.',
      );
    }
    const result = read();
    this.#nesting--;
    return result;
  }

  #peek(): Token {
    return this.#tokens[this.#next] as Token;
  }

  #take(): Token {
    const token = this.#peek();
    if (token.kind !== 'end') this.#next++;
    return token;
  }

  #isSymbol(...texts: readonly string[]): boolean {
    const token = this.#peek();
    return token.kind === 'symbol' && texts.includes(token.text);
  }

  #expect(text: string, opening: Token): void {
    if (this.#isSymbol(text)) {
      this.#take();
      return;
    }
    const token = this.#peek();
    if (token.kind === 'end')
      throw this.#error(opening, `this "${opening.text}" is never closed`, `Add "${text}".`);
    throw this.#unexpected(token);
  }

  #unexpected(token: Token) {
    const previous = this.#tokens[this.#tokens.indexOf(token) - 1];
    if (token.kind === 'end') return this.#error(token, 'the formula ends where an operand should stand');
    const endsOperand = previous && (previous.kind !== 'symbol' || [')', '|', ']'].includes(previous.text));
    if (endsOperand && (token.kind !== 'symbol' || ['(', '|'].includes(token.text))) {
      const hint = `To multiply, write ${previous.text}*${token.text}.`;
      return this.#error(token, `an operator is missing before "${token.text}"`, hint);
    }
    const hint = token.text === ')' ? 'There is no "(" that it closes, or an operand is missing.' : undefined;
    return this.#error(token, `"${token.text}" cannot stand here`, hint);
  }

  #error(token: Token, message: string, hint?: string) {
    return formulaError(this.#source, token.at, message, hint);
  }
}

function isLiteral(token: Token): boolean {
  return token.kind === 'number' || (token.kind === 'name' && token.text === 'pi');
}

function example(name: string): string {
  return operatorFor(functions.get(name) as OperatorName).arity === 1 ? `${name}(x)` : `${name}(x, 0)`;
}
