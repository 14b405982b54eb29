import { isMap, isScalar, type Node, type Scalar } from 'yaml';
import { readFormula } from '../catalog/read-formula.ts';
import { ActivationSearchError, formatPlace } from '../errors.ts';
import type { Expression, VariableName } from '../expression/expression.ts';
import type { Problem, YamlFile, YamlPath } from '../yaml-file.ts';
import type { Primitive } from './space.ts';

const lists = {
  1: { key: 'unary', variables: ['x'] },
  2: { key: 'binary', variables: ['x1', 'x2'] },
} as const satisfies Record<1 | 2, { key: string; variables: readonly VariableName[] }>;

/**
 * The primitives of one list of a file, and what is wrong with them: formulas that cannot be read, foreign
 * variables, names that the list or its base (`inherited`) already has. Entries that the schema refuses are
 * skipped: the schema reports them.
 */
export function readPrimitives(
  yaml: YamlFile,
  arity: 1 | 2,
  inherited: readonly Primitive[],
): { primitives: Primitive[]; problems: Problem[] } {
  const { key } = lists[arity];
  const entries = (yaml.value as Record<string, unknown> | null)?.[key];
  const primitives: Primitive[] = [];
  const problems: Problem[] = [];
  const known = new Map(inherited.map((primitive) => [primitive.name, primitive.place]));
  for (const index of Array.isArray(entries) ? entries.keys() : []) {
    const written = readEntry(yaml, [key, index]);
    if (written === undefined) continue;
    const { formula, node, note } = written;
    const name = written.name ?? formula;
    const place = yaml.placeOf(written.path);
    const earlier = known.get(name);
    if (earlier !== undefined) {
      problems.push({
        message: `${key} already has a primitive named "${name}", at ${earlier}.`,
        hint: 'Remove one, or give it another name: "NAME: FORMULA".',
        place,
      });
      continue;
    }
    known.set(name, formatPlace(place));
    const result = parseFormula(yaml, node, formula, arity, written.path);
    if ('problem' in result) problems.push(result.problem);
    else {
      const { expression } = result;
      primitives.push({ arity, name, formula, expression, note, place: formatPlace(place) });
    }
  }
  return { primitives, problems };
}

interface WrittenPrimitive {
  readonly formula: string;
  readonly name: string | undefined;
  readonly note: string;
  readonly node: Scalar;
  readonly path: YamlPath;
}

/** The three forms of an entry as one; undefined for anything else. */
function readEntry(yaml: YamlFile, path: YamlPath): WrittenPrimitive | undefined {
  const entry = yaml.nodeAt(path);
  const text = (part: Node | undefined): string | undefined =>
    isScalar(part) && typeof part.value === 'string' ? part.value : undefined;
  const read = (formulaPath: YamlPath, name: string | undefined, note = ''): WrittenPrimitive | undefined => {
    const node = yaml.nodeAt(formulaPath);
    if (!isScalar(node) || !['string', 'number'].includes(typeof node.value)) return undefined;
    const formula = typeof node.value === 'string' ? node.value : (node.source ?? String(node.value));
    return { formula: formula.trim(), name, note, node, path: formulaPath };
  };
  if (!isMap(entry)) return read(path, undefined);
  if (entry.has('formula')) {
    if (entry.flow && entry.items.some(({ value }) => value === null)) return undefined;
    const [name, note] = ['name', 'note'].map((key) => text(yaml.nodeAt([...path, key])));
    return read([...path, 'formula'], name, note);
  }
  const key = entry.items[0]?.key;
  if (entry.items.length !== 1 || !isScalar(key)) return undefined;
  return read([...path, String(key.value)], String(key.value));
}

function parseFormula(
  yaml: YamlFile,
  node: Scalar,
  formula: string,
  arity: 1 | 2,
  path: YamlPath,
): { expression: Expression } | { problem: Problem } {
  const place = yaml.placeOf(path);
  const written = yaml.written(node);
  if (written.trimEnd().includes('\n')) {
    const hint = 'Is the next line indented too far, or does it lack its "- "?';
    return { problem: { message: `a formula stands on one line, this one is "${formula}".`, hint, place } };
  }
  const quotes = written.startsWith('"') || written.startsWith("'") ? 1 : 0;
  // Escapes in a quoted text shift columns; then the place is the beginning of the text.
  const exact = written.slice(quotes, written.length - quotes).trim() === formula;
  const column = (place.column ?? 1) + quotes;
  try {
    const expression = readFormula(formula, { ...place, column, variables: lists[arity].variables });
    return { expression };
  } catch (error) {
    if (!(error instanceof ActivationSearchError)) throw error;
    const { message, hint } = error;
    const where = exact ? { ...place, ...error.place } : place;
    return { problem: { message, place: where, ...(hint === undefined ? {} : { hint }) } };
  }
}
