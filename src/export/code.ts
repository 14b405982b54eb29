import type { Expression } from '../expression/expression.ts';
import type { OperatorName } from '../expression/operators.ts';

/**
 * How a target writes an operator: a text with `$a` and `$b` for the operands. A plain text binds as tightly
 * as a call; `$A` and `$B` in it are operands that need parentheses unless they do so too.
 */
export type Row = string | Infix;

interface Infix {
  readonly text: string;
  /**
   * 1 sums, 2 signs, 3 products, 4 powers; an operand that binds less tightly than its place needs goes into
   * parentheses. 5 is a name or a call.
   */
  readonly precedence: number;
  readonly operands: readonly [number, number];
}

export interface Language {
  readonly rows: Readonly<Record<OperatorName, Row>>;
  /** Rows for an operator one of whose operands is a number; the number is then `$b`. */
  readonly withNumber?: Partial<Readonly<Record<OperatorName, Row>>>;
  /** Rows for an operator whose operand is a new value that nothing else reads: it may be overwritten. */
  readonly inPlace?: Partial<Readonly<Record<OperatorName, Row>>>;
  readonly number: (value: number) => string;
  readonly assign: (name: string, text: string) => string;
}

export interface Block {
  /** One assignment a line, for parts that occur twice or are long. */
  readonly lines: readonly string[];
  readonly results: readonly string[];
  readonly operators: ReadonlySet<OperatorName>;
}

/** The signs that most languages share; as Python, JavaScript and C have them. */
export const arithmetic = {
  add: { text: '$a + $b', precedence: 1, operands: [1, 2] },
  sub: { text: '$a - $b', precedence: 1, operands: [1, 2] },
  mul: { text: '$a * $b', precedence: 3, operands: [3, 4] },
  div: { text: '$a / $b', precedence: 3, operands: [3, 4] },
  neg: { text: '-$a', precedence: 2, operands: [3, 3] },
} as const satisfies Partial<Record<OperatorName, Row>>;

/** Rows `PREFIX + name(operands)` for functions that have the same name with a prefix. */
export function calls<Name extends OperatorName>(
  prefix: string,
  names: Readonly<Record<Name, string>>,
  arity = 1,
): Readonly<Record<Name, string>> {
  const operands = arity === 1 ? '$a' : '$a, $b';
  return Object.fromEntries(
    Object.entries(names).map(([name, called]) => [name, `${prefix}${called}(${operands})`]),
  ) as Record<Name, string>;
}

/**
 * Text of several expressions at once; a part that they share, and any part that is long, is named and
 * computed once. Names in scope are not given again.
 */
export function writeBlock(
  expressions: readonly Expression[],
  language: Language,
  namesInScope: readonly string[],
): Block {
  const uses = countUses(expressions, language);
  const lines: string[] = [];
  const operators = new Set<OperatorName>();
  const taken = new Set(namesInScope);
  const newName = (operator: OperatorName): string => {
    let count = 1;
    while (taken.has(`${operator}_${count}`)) count++;
    taken.add(`${operator}_${count}`);
    return `${operator}_${count}`;
  };
  const written = new Map<Expression, Text>();
  const write = (node: Expression): Text => {
    if (node.kind === 'number') return numberText(language.number(node.value));
    if (node.kind !== 'call') return { text: node.name, precedence: atom };
    const known = written.get(node);
    if (known) return known;
    operators.add(node.operator);
    const { row, operands } = rowFor(node, language);
    const texts = operands.map(write);
    // A sum or product on the same line has no name: no other part reads it.
    const isOwn = operands[0]?.kind === 'call' && (texts[0] as Text).precedence < atom;
    const text = fill((isOwn && language.inPlace?.[node.operator]) || row, texts);
    const isShared = (uses.get(node) ?? 0) > 1;
    const isLong = text.text.length > longest && !expressions.includes(node);
    let result = text;
    if (isShared || isLong) {
      const name = newName(node.operator);
      lines.push(language.assign(name, text.text));
      result = { text: name, precedence: atom };
    }
    written.set(node, result);
    return result;
  };
  const results = expressions.map((expression) => write(expression).text);
  return { lines, results, operators };
}

/** What stands on one line, with all parts in place. For formulas that are read, not run. */
export function writeFormula(expression: Expression, language: Language): string {
  const write = (node: Expression): Text => {
    if (node.kind === 'number') return numberText(language.number(node.value));
    if (node.kind !== 'call') return { text: node.name, precedence: atom };
    const { row, operands } = rowFor(node, language);
    return fill(row, operands.map(write));
  };
  return write(expression).text;
}

interface Text {
  readonly text: string;
  readonly precedence: number;
}

const atom = 5;
const longest = 72;

function numberText(text: string): Text {
  if (text.startsWith('-')) return { text, precedence: 2 };
  // LaTeX has 10^{-5}.
  return { text, precedence: text.includes('^') ? 4 : atom };
}

function rowFor(
  { operator, operands }: Extract<Expression, { kind: 'call' }>,
  { rows, withNumber }: Language,
): { row: Row; operands: readonly Expression[] } {
  const row = withNumber?.[operator];
  const number = operands.find(({ kind }) => kind === 'number');
  if (row === undefined || number === undefined) return { row: rows[operator], operands };
  return { row, operands: [...operands.filter((operand) => operand !== number), number] };
}

function fill(row: Row, operands: readonly Text[]): Text {
  if (typeof row === 'string') {
    const text = row.replaceAll(/\$[abAB]/g, (place) => {
      const operand = operands[place.toLowerCase() === '$a' ? 0 : 1] as Text;
      const isGrouped = place !== place.toLowerCase() && operand.precedence < atom;
      return isGrouped ? `(${operand.text})` : operand.text;
    });
    return { text, precedence: atom };
  }
  const text = row.text.replaceAll(/\$[ab]/g, (place) => {
    const index = place === '$a' ? 0 : 1;
    const operand = operands[index] as Text;
    const needed = row.operands[index] as number;
    // A sign may lead a sum or product; within one, and before a power, it is grouped.
    const leads = index === 0 && row.text.startsWith('$a') && operand.precedence === 2 && needed <= 3;
    return leads || operand.precedence >= needed ? operand.text : `(${operand.text})`;
  });
  return { text, precedence: row.precedence };
}

/** How often each part is written: once for each place in a distinct part that takes it. */
function countUses(expressions: readonly Expression[], language: Language): ReadonlyMap<Expression, number> {
  const uses = new Map<Expression, number>();
  const visit = (node: Expression, times: number): void => {
    const known = uses.get(node);
    uses.set(node, (known ?? 0) + times);
    if (known !== undefined || node.kind !== 'call') return;
    const { row, operands } = rowFor(node, language);
    const text = (typeof row === 'string' ? row : row.text).toLowerCase();
    operands.forEach((operand, index) => {
      visit(operand, text.split(index === 0 ? '$a' : '$b').length - 1);
    });
  };
  for (const expression of expressions) visit(expression, 1);
  return uses;
}
