import { readFileSync, statSync } from 'node:fs';
import {
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type ParsedNode,
  parseDocument,
  visit,
  type YAMLError,
} from 'yaml';
import { ActivationSearchError, type ErrorCode, formatPlace, type Place, suggestion } from './errors.ts';

const mostBytes = 1_000_000;

/** One thing that is wrong in a file, where, and what to do about it. */
export interface Problem {
  readonly message: string;
  readonly hint?: string;
  readonly place: Place;
}

export type YamlPath = readonly PropertyKey[];

/** A YAML file as plain data that remembers where each part stands. */
export interface YamlFile {
  readonly file: string;
  readonly value: unknown;
  /** The node at a path, if it is there. */
  nodeAt(path: YamlPath): Node | undefined;
  /** Where the value at a path begins; of the nearest part above it that exists, if it does not. */
  placeOf(path: YamlPath): Place;
  /** Where the last key of a path stands. */
  placeOfKey(path: YamlPath): Place;
  /** The text of a file's part exactly as it was written, quotes included. */
  written(node: Node): string;
}

/**
 * Reads a YAML 1.2 file of one document. Refuses, with the given code, what is missing, no regular file,
 * above 1 MB, not UTF-8, or malformed; and aliases, so that no file unfolds to more than it holds. Places
 * name the file as `shown`.
 */
export function readYamlFile(path: string, code: ErrorCode, file: string = path): YamlFile {
  const text = readText(path, code, file);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true });
  const placeAt = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const problems = [...document.errors, ...document.warnings].map((error) =>
    syntaxProblem(error, text, placeAt),
  );
  visit(document, {
    Alias: (_, alias) => {
      problems.push({
        message: `the alias "*${alias.source}" is not allowed here.`,
        hint: 'Write the value out; text that begins with * needs quotes.',
        place: placeAt(alias.range?.[0] ?? 0),
      });
    },
  });
  refuseProblems(problems, file, code);

  const nodeAt = (path: YamlPath): ParsedNode | undefined => {
    let node: ParsedNode | null = document.contents;
    for (const step of path) {
      if (!isMap(node) && !isSeq(node)) return undefined;
      node = (node.get(step, true) as ParsedNode | undefined) ?? null;
    }
    return node ?? undefined;
  };
  const placeOf = (path: YamlPath): Place => {
    for (let length = path.length; length >= 0; length--) {
      const node = nodeAt(path.slice(0, length));
      if (node?.range) return placeAt(node.range[0]);
    }
    return { file, line: 1, column: 1 };
  };
  return {
    file,
    value: document.toJS({ maxAliasCount: 0 }),
    nodeAt,
    placeOf,
    placeOfKey: (path) => {
      const map = nodeAt(path.slice(0, -1));
      const pair = isMap(map)
        ? map.items.find(({ key }) => isScalar(key) && key.value === path.at(-1))
        : undefined;
      return pair?.key.range ? placeAt(pair.key.range[0]) : placeOf(path);
    },
    written: (node) => (node.range ? text.slice(node.range[0], node.range[1]) : ''),
  };
}

/** Throws one error that holds every problem, in the order of the file; does nothing where there is none. */
export function refuseProblems(problems: readonly Problem[], file: string, code: ErrorCode): void {
  const [first, ...others] = problems;
  if (first === undefined) return;
  if (others.length === 0) {
    throw new ActivationSearchError(code, first.message, {
      place: first.place,
      ...(first.hint === undefined ? {} : { hint: first.hint }),
    });
  }
  const lines = [...problems]
    .sort(
      (a, b) => (a.place.line ?? 0) - (b.place.line ?? 0) || (a.place.column ?? 0) - (b.place.column ?? 0),
    )
    .map(({ place, message, hint }) => {
      const text = `${formatPlace(place)}: ${message}`.replaceAll('\n', '\n  ');
      return `  ${text}${hint ? `\n    ${hint}` : ''}`;
    });
  throw new ActivationSearchError(
    code,
    `${problems.length} things are wrong in ${file}:\n${lines.join('\n')}`,
  );
}

/** The problem of a key that is not known, at its place, with the nearest known key. */
export function unknownKeyProblem(yaml: YamlFile, path: YamlPath, known: readonly string[]): Problem {
  const key = String(path.at(-1));
  return { message: `unknown key "${key}".`, hint: suggestion(key, known), place: yaml.placeOfKey(path) };
}

function readText(path: string, code: ErrorCode, file: string): string {
  const refuse = (message: string, hint: string): never => {
    throw new ActivationSearchError(code, message, { hint, place: { file } });
  };
  let bytes: Uint8Array;
  try {
    const status = statSync(path);
    if (status.isDirectory()) refuse('is a folder, not a file.', 'Name a YAML file in it.');
    if (!status.isFile())
      refuse('is not a regular file.', 'Write it to a file that ends in .yaml and name that.');
    if (status.size > mostBytes) {
      const size = (status.size / 1e6).toLocaleString('en-US', { maximumFractionDigits: 1 });
      refuse(`is ${size} MB; at most 1 MB is read.`, 'Is it the file you meant?');
    }
    bytes = readFileSync(path);
  } catch (error) {
    if (error instanceof ActivationSearchError) throw error;
    const reason = (error as NodeJS.ErrnoException).code;
    if (reason === 'ENOENT') return refuse('there is no such file.', 'Check the path.');
    return refuse(`cannot be read (${reason ?? String(error)}).`, 'Check the path and its permissions.');
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return refuse('is not UTF-8 text.', 'Save it as UTF-8.');
  }
}

/** Says in this tool's words what the usual slips of the pen mean. */
function syntaxProblem(error: YAMLError, text: string, placeAt: (offset: number) => Place): Problem {
  const place = placeAt(error.pos[0]);
  const before = text.slice(text.lastIndexOf('\n', error.pos[0] - 1) + 1, error.pos[0]);
  if (/Block scalar header|Not a YAML token/.test(error.message) && before.includes('|')) {
    const hint = 'Text that begins with | needs quotes: "|x|".';
    return { message: 'YAML takes a | at the beginning for a block of text.', hint, place };
  }
  return { message: `${error.message}.`, hint: syntaxHints[error.code] ?? 'See https://yaml.org.', place };
}

const syntaxHints: Partial<Record<YAMLError['code'], string>> = {
  TAB_AS_INDENT: 'Indent with spaces.',
  BAD_INDENT: 'Check the indentation of this line and of the one before.',
  BAD_SCALAR_START: 'Put the text in quotes.',
  BLOCK_AS_IMPLICIT_KEY: 'Put text that holds ": " in quotes.',
  MISSING_CHAR: 'Close the quote or bracket.',
  DUPLICATE_KEY: 'Each key may stand once.',
  MULTIPLE_DOCS: 'Keep one document in a file: remove the line "---".',
  TAG_RESOLVE_FAILED: 'Remove the tag; text that begins with ! needs quotes.',
  UNEXPECTED_TOKEN: 'Check the quotes, brackets and indentation of this line.',
};
