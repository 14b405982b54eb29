import type { Database } from 'better-sqlite3';
import { describeRecognition, recognize } from '../catalog/recognize.ts';
import { ActivationSearchError, suggestion } from '../errors.ts';
import { derivative } from '../expression/derive.ts';
import { evaluate } from '../expression/evaluate.ts';
import type { Expression } from '../expression/expression.ts';
import { sameFunction } from '../expression/fingerprint.ts';
import { type Form, hasForm, parseForm } from '../expression/form.ts';
import { parse } from '../expression/notation.ts';
import { type OperatorName, operatorNames } from '../expression/operators.ts';
import { containsOperator, depth } from '../expression/structure.ts';

type Given = string | number;
type Answer = string | number | boolean | null;

/** What SQL can ask about a formula; docs/database.md describes each. */
interface SqlFunction {
  readonly call: string;
  readonly answer: (formula: Given, asked: Given) => Answer;
}

const sqlFunctions = {
  f: {
    call: 'f(expression, 1.5)',
    answer: (formula, x) => evaluate(read(formula), { x: number(x, 'f(expression, 1.5)') }),
  },
  slope: {
    call: 'slope(expression, 1.5)',
    answer: (formula, x) =>
      evaluate(derivative(read(formula), 'x'), { x: number(x, 'slope(expression, 1.5)') }),
  },
  contains: {
    call: "contains(expression, 'sin')",
    answer: (formula, name) => containsOperator(read(formula), operatorNamed(String(name))),
  },
  has_form: {
    call: "has_form(expression, 'b(x, g(x))')",
    answer: (formula, form) => hasForm(read(formula), formOf(String(form))),
  },
  depth: { call: 'depth(expression)', answer: (formula) => depth(read(formula)) },
  known: { call: 'known(expression)', answer: knownAs },
  same: {
    call: 'same(expression, expression)',
    answer: (one, other) => sameFunction(read(one), read(other)),
  },
} satisfies Readonly<Record<string, SqlFunction>>;

/** How the functions are called. */
export const functionCalls: readonly string[] = Object.values(sqlFunctions).map(({ call }) => call);

/** Gives a connection the functions. Each returns NULL for NULL, and for a value that is not finite. */
export function defineFunctions(db: Database): void {
  const settings = { deterministic: true, directOnly: true };
  for (const [name, { answer }] of Object.entries<SqlFunction>(sqlFunctions)) {
    const guarded = (...given: readonly (Given | null)[]): string | number | null =>
      given.includes(null) ? null : stored(answer(...(given as [Given, Given])));
    // The driver reads the number of operands off the function's own length.
    if (answer.length === 1) db.function(name, settings, (a: Given | null) => guarded(a));
    else db.function(name, settings, (a: Given | null, b: Given | null) => guarded(a, b));
  }
}

function stored(answer: Answer): string | number | null {
  if (typeof answer === 'boolean') return answer ? 1 : 0;
  return typeof answer === 'number' && !Number.isFinite(answer) ? null : answer;
}

function knownAs(formula: Given): string | null {
  const recognition = recognize(read(formula));
  return recognition ? describeRecognition(recognition) : null;
}

/** The expressions read lately: a query asks the same formula several questions. */
const expressions = new Map<Given, Expression>();
const mostExpressions = 10_000;

function read(formula: Given): Expression {
  const known = expressions.get(formula);
  if (known) return known;
  const expression = parse(String(formula));
  if (expressions.size >= mostExpressions) expressions.clear();
  expressions.set(formula, expression);
  return expression;
}

/** The form read last: a query asks all rows for one. */
let lastForm: { readonly text: string; readonly form: Form } | undefined;

function formOf(text: string): Form {
  if (lastForm?.text !== text) lastForm = { text, form: parseForm(text) };
  return lastForm.form;
}

function operatorNamed(name: string): OperatorName {
  const found = operatorNames.find((operator) => operator === name);
  if (found) return found;
  throw new ActivationSearchError('usage', `unknown operator "${name}" in contains().`, {
    hint: suggestion(name, operatorNames),
  });
}

function number(x: Given, call: string): number {
  if (typeof x === 'number') return x;
  throw new ActivationSearchError('usage', `${JSON.stringify(x)} is not a number.`, {
    hint: `For example: ${call}`,
  });
}
