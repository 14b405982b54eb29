import { ActivationSearchError, type Place } from '../errors.ts';

export interface Token {
  readonly kind: 'number' | 'name' | 'symbol' | 'text' | 'end';
  /** In ASCII: a Greek letter is spelt out, a typographic sign replaced. */
  readonly text: string;
  /** Where it begins and ends in the source, counted from 0. */
  readonly at: number;
  readonly end: number;
}

/** A formula's text and where it stands in a file. */
export interface Source {
  readonly text: string;
  readonly file?: string;
  /** Place of the text's first character in the file, counted from 1. */
  readonly line?: number;
  readonly column?: number;
}

const longestText = 20_000;

/**
 * Cuts a formula into tokens; the last one is the end. Refuses signs that mean nothing here. With `foreign`
 * also what Python writes: **, comparisons, keywords, quoted text, and names with dots.
 */
export function tokenize(source: Source, foreign = false): Token[] {
  const { text } = source;
  if (text.length > longestText) {
    throw formulaError(
      source,
      longestText,
      `the formula is longer than ${longestText} characters`,
      'Shorten it.',
    );
  }
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const space = /^\s+/.exec(text.slice(at, at + 200));
    if (space) {
      at += space[0].length;
      continue;
    }
    const token = (foreign ? foreignTokenAt(source, at) : undefined) ?? tokenAt(source, at);
    tokens.push(token);
    at = token.end;
  }
  tokens.push({ kind: 'end', text: '', at: text.length, end: text.length });
  return tokens;
}

/** An error about one place of a formula: the message shows the line with a caret under the place. */
export function formulaError(
  source: Source,
  at: number,
  message: string,
  hint?: string,
): ActivationSearchError {
  const before = source.text.slice(0, at).split('\n');
  const lineText = source.text.split('\n')[before.length - 1] ?? '';
  const column = (before.at(-1) ?? '').length;
  const from = Math.max(0, column - 50);
  const excerpt = lineText.slice(from, column + 30);
  const place: Place = {
    ...(source.file === undefined ? {} : { file: source.file }),
    line: (source.line ?? 1) + before.length - 1,
    column: (before.length === 1 ? (source.column ?? 1) : 1) + column,
  };
  const picture = excerpt.trim() === '' ? '' : `\n  ${excerpt}\n  ${' '.repeat(column - from)}^`;
  return new ActivationSearchError('formula', `${message}${picture}`, {
    place,
    ...(hint === undefined ? {} : { hint }),
  });
}

const numberPattern = /^(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?/;
const namePattern = /^[A-Za-z_][A-Za-z0-9_]*/;
const symbols = '+-*/^(),|[]';

/** What is pasted from papers, in our notation. */
const typographic: Readonly<Record<string, string>> = {
  '−': '-',
  '–': '-',
  '·': '*',
  '⋅': '*',
  '×': '*',
  '∗': '*',
  '÷': '/',
  '∕': '/',
};
const greek: Readonly<Record<string, string>> = {
  α: 'alpha',
  β: 'beta',
  γ: 'gamma',
  δ: 'delta',
  ε: 'epsilon',
  ϵ: 'epsilon',
  ζ: 'zeta',
  η: 'eta',
  θ: 'theta',
  κ: 'kappa',
  λ: 'lambda',
  μ: 'mu',
  ν: 'nu',
  ξ: 'xi',
  π: 'pi',
  ρ: 'rho',
  σ: 'sigma',
  τ: 'tau',
  φ: 'phi',
  ϕ: 'phi',
  χ: 'chi',
  ψ: 'psi',
  ω: 'omega',
};
const advice: Readonly<Record<string, string>> = {
  '²': 'Write x^2.',
  '³': 'Write x^3.',
  '√': 'Write sqrt(x).',
  '=': 'A formula is the right-hand side alone.',
  '{': 'Group with parentheses.',
  '}': 'Group with parentheses.',
  '%': 'There is no remainder here.',
  ';': 'One formula at a time.',
};

const foreignSymbol = /^(\*\*|[<>=!]=|[<>=])/;
const foreignName = /^[A-Za-z_]\w*(\.[A-Za-z_]\w*)+/;
const quoted = /^(['"])([\w-]*)\1/;

function foreignTokenAt(source: Source, at: number): Token | undefined {
  const rest = source.text.slice(at, at + 400);
  const token = (kind: Token['kind'], text: string, length: number): Token => ({
    kind,
    text,
    at,
    end: at + length,
  });
  const symbol = foreignSymbol.exec(rest)?.[0];
  if (symbol !== undefined) return token('symbol', symbol === '**' ? '^' : symbol, symbol.length);
  const name = foreignName.exec(rest)?.[0];
  if (name !== undefined) return token('name', name, name.length);
  const text = quoted.exec(rest);
  return text ? token('text', text[2] as string, text[0].length) : undefined;
}

function tokenAt(source: Source, at: number): Token {
  const rest = source.text.slice(at, at + 400);
  const literal = numberPattern.exec(rest)?.[0];
  if (literal !== undefined) return numberToken(source, at, literal);
  const letter = greek[rest[0] as string];
  if (letter !== undefined) {
    const digits = /^[0-9_]*/.exec(rest.slice(1))?.[0] ?? '';
    return { kind: 'name', text: letter + digits, at, end: at + 1 + digits.length };
  }
  const name = namePattern.exec(rest)?.[0];
  if (name !== undefined) return { kind: 'name', text: name, at, end: at + name.length };
  if (rest.startsWith('**'))
    throw formulaError(source, at, '"**" is not known here', 'A power is written x^2.');
  const symbol = typographic[rest[0] as string] ?? (rest[0] as string);
  if (symbols.includes(symbol)) return { kind: 'symbol', text: symbol, at, end: at + 1 };
  const shown = String.fromCodePoint(source.text.codePointAt(at) as number);
  throw formulaError(source, at, `${JSON.stringify(shown)} means nothing in a formula`, advice[shown]);
}

function numberToken(source: Source, at: number, literal: string): Token {
  const value = Number(literal);
  if (!Number.isFinite(value)) {
    throw formulaError(source, at, `${literal} is too large for a number`, 'The largest is about 1.8e308.');
  }
  if (value === 0 && /[1-9]/.test(literal.replace(/[eE].*/, ''))) {
    throw formulaError(source, at, `${literal} is too small for a number`, 'Write 0.');
  }
  if (source.text[at + literal.length] === '.') {
    throw formulaError(
      source,
      at,
      `a number has one decimal point`,
      'A decimal point, not a comma, stands in a number.',
    );
  }
  return { kind: 'number', text: literal, at, end: at + literal.length };
}
