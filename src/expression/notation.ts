import { suggestion } from '../errors.ts';
import { readArguments } from './arguments.ts';
import {
  call,
  type Expression,
  equal,
  number,
  parameter,
  type VariableName,
  variable,
} from './expression.ts';
import type { ForeignNames } from './foreign-names.ts';
import { readInitialValues } from './initial-values.ts';
import { callExample, functions, parameterProblem, reserved } from './names.ts';
import { type OperatorName, operatorFor, operatorNames } from './operators.ts';
import { TokenReader } from './token-reader.ts';
import { type Source, type Token, tokenize } from './tokens.ts';

export { print } from './print.ts';

export interface ParseOptions {
  readonly file?: string;
  /** Place of the text's first character in the file, counted from 1. */
  readonly line?: number;
  readonly column?: number;
  /** The variables that may occur: `x` unless given; `x1`, `x2` in binary primitives. */
  readonly variables?: readonly VariableName[];
  /** Names of other languages that are understood too; only our own unless given. */
  readonly foreign?: ForeignNames;
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
 * A minus sign right before a number belongs to the number, unless a power follows: -2*x is (-2)*x, -2^2 is
 * -(2^2).
 */
export function parse(text: string, options: ParseOptions = {}): Expression {
  return new Parser({ ...options, text }, options).formula();
}

const deepestTree = 400;
const powerSymbol = '^';
/** Euler's number, whose power is exp. */
const euler = call('exp', number(1));

const infix: ReadonlyMap<string, OperatorName> = new Map(
  operatorNames.flatMap((name) => {
    const { notation } = operatorFor(name);
    return notation.kind === 'infix' ? [[notation.symbol, name] as const] : [];
  }),
);
const prefix = operatorNames.find((name) => operatorFor(name).notation.kind === 'prefix') as OperatorName;
const bars = operatorNames.find((name) => operatorFor(name).notation.kind === 'bars') as OperatorName;

class Parser {
  readonly #options: ParseOptions;
  readonly #reader: TokenReader;
  readonly #initials: ReadonlyMap<string, number>;
  readonly #depths = new Map<Expression, number>();

  constructor(source: Source, options: ParseOptions) {
    this.#options = options;
    this.#reader = new TokenReader(source, tokenize(source, options.foreign !== undefined));
    this.#initials = readInitialValues(this.#reader);
  }

  formula(): Expression {
    if (this.#reader.peek().kind === 'end')
      throw this.#reader.error(
        this.#reader.peek(),
        'the formula is empty',
        'Write one, such as x*sigmoid(x).',
      );
    const expression = this.#sum();
    const token = this.#reader.peek();
    if (token.kind !== 'end') throw this.#reader.unexpected(token);
    return expression;
  }

  #sum(): Expression {
    let left = this.#product();
    while (this.#reader.isSymbol('+', '-')) {
      const token = this.#reader.take();
      left = this.#infix(token, left, this.#product());
    }
    return left;
  }

  #product(): Expression {
    let left = this.#reader.isSymbol('-') ? this.#negation(() => this.#product()) : this.#power();
    // A negation took the whole product, a negative number its first factor only.
    while (this.#reader.isSymbol('*', '/')) {
      const token = this.#reader.take();
      left = this.#infix(
        token,
        left,
        this.#reader.isSymbol('-') ? this.#negation(() => this.#power()) : this.#power(),
      );
    }
    return left;
  }

  /** At a minus sign: a negative number, or the negation of what `operand` reads. */
  #negation(operand: () => Expression): Expression {
    const minus = this.#reader.take();
    return this.#reader.nested(minus, () => {
      const token = this.#reader.peek();
      const follower = this.#reader.peek(1);
      if (isLiteral(token) && follower.text !== powerSymbol) return this.#build(minus, prefix, this.#atom());
      const inner = this.#reader.isSymbol('-') ? this.#negation(operand) : operand();
      return this.#build(minus, prefix, inner);
    });
  }

  #power(): Expression {
    const first = this.#reader.peek();
    const base = this.#atom();
    if (!this.#reader.isSymbol(powerSymbol)) return base;
    const token = this.#reader.take();
    const exponent = this.#reader.nested(token, () =>
      this.#reader.isSymbol('-') ? this.#negation(() => this.#power()) : this.#power(),
    );
    if (this.#options.foreign?.constant(first.text) && equal(base, euler))
      return this.#build(first, 'exp', exponent);
    return this.#infix(token, base, exponent);
  }

  #atom(): Expression {
    const token = this.#reader.take();
    if (token.kind === 'number') return number(Number(token.text));
    if (token.kind === 'name') return this.#name(token);
    if (token.text === '(') {
      const inner = this.#reader.nested(token, () => this.#sum());
      this.#reader.expect(')', token);
      return inner;
    }
    if (token.text === '|') {
      const inner = this.#reader.nested(token, () => this.#sum());
      this.#reader.expect('|', token);
      return this.#build(token, bars, inner);
    }
    throw this.#reader.unexpected(token);
  }

  #name(token: Token): Expression {
    const name = token.text;
    if (this.#reader.isSymbol('(')) return this.#functionCall(token);
    const constant = this.#options.foreign?.constant(name);
    if (constant) return constant;
    if (name === 'pi') return number(Math.PI);
    if (name === 'x' || name === 'x1' || name === 'x2') return this.#variable(token, name);
    if (functions.has(name)) {
      throw this.#reader.error(
        token,
        `the function ${name} stands without an operand`,
        `Write ${callExample(name)}.`,
      );
    }
    const problem = parameterProblem(name, this.#options);
    if (problem) throw this.#reader.error(token, problem.message, problem.hint);
    if (this.#reader.isSymbol('[')) while (this.#reader.take().text !== ']');
    return parameter(name, this.#initials.get(name) ?? 1);
  }

  #variable(token: Token, name: VariableName): Expression {
    const allowed = this.#options.variables ?? ['x'];
    if (allowed.includes(name)) return variable(name);
    const hint =
      name === 'x'
        ? `The inputs of a binary primitive are x1 and x2.`
        : `x1 and x2 are the inputs of a binary primitive.`;
    throw this.#reader.error(
      token,
      `${name} is not known here, only ${allowed.join(' and ') || 'parameters'}`,
      hint,
    );
  }

  #functionCall(token: Token): Expression {
    const operator = functions.get(token.text);
    if (operator === undefined) return this.#foreignCall(token);
    const open = this.#reader.take();
    const operands: Expression[] = [];
    if (!this.#reader.isSymbol(')')) {
      do operands.push(this.#reader.nested(open, () => this.#sum()));
      while (this.#reader.isSymbol(',') && this.#reader.take());
    }
    this.#reader.expect(')', open);
    const { arity } = operatorFor(operator);
    if (operands.length !== arity) {
      const wanted = arity === 1 ? 'one operand' : 'two operands';
      throw this.#reader.error(
        token,
        `${token.text} takes ${wanted}, not ${operands.length}`,
        `Write ${callExample(token.text)}.`,
      );
    }
    return this.#build(token, operator, ...operands);
  }

  /**
   * A call of a function that is not ours; of an object that is made and called at once too: nn.ReLU()(x).
   */
  #foreignCall(token: Token): Expression {
    const { foreign } = this.#options;
    const name = token.text;
    if (!foreign?.knows(name)) {
      const hint = reserved.includes(name)
        ? `To multiply, write ${name}*(…).`
        : suggestion(name, [...functions.keys()]);
      throw this.#reader.error(token, `unknown function "${name}"`, hint);
    }
    if (name.startsWith('x.')) this.#variable(token, 'x');
    let given = readArguments(this.#reader, () => this.#sum());
    if (/^[A-Z]/.test(name.split('.').at(-1) as string) && this.#reader.isSymbol('(')) {
      given = [...readArguments(this.#reader, () => this.#sum()), ...given];
    }
    return foreign.call(name, given, (message, hint, at) =>
      this.#reader.error(at?.token ?? token, message, hint),
    );
  }

  #infix(token: Token, left: Expression, right: Expression): Expression {
    return this.#build(token, infix.get(token.text) as OperatorName, left, right);
  }

  #build(token: Token, operator: OperatorName, ...operands: readonly Expression[]): Expression {
    const node = call(operator, ...operands);
    const depth = 1 + Math.max(...operands.map((operand) => this.#depths.get(operand) ?? 0));
    if (depth > deepestTree)
      throw this.#reader.error(token, `the formula has more than ${deepestTree} operators in a chain`);
    this.#depths.set(node, depth);
    return node;
  }
}

function isLiteral(token: Token): boolean {
  return token.kind === 'number' || (token.kind === 'name' && token.text === 'pi');
}
