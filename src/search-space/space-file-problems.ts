import { isMap, isScalar, isSeq, type YAMLMap } from 'yaml';
import type { z } from 'zod';
import { suggestion } from '../errors.ts';
import { type Problem, unknownKeyProblem, type YamlFile, type YamlPath } from '../yaml-file.ts';
import { longPrimitive, namedFormula, spaceFile } from './space-file.ts';

/** The mistakes that the schema finds in a file, in words, with line and column. */
export function spaceFileProblems(error: z.ZodError, yaml: YamlFile): Problem[] {
  if (!isMap(yaml.nodeAt([]))) return [shapelessFile(yaml)];
  return error.issues.flatMap((issue): Problem[] => {
    const [list, index] = issue.path;
    if (index !== undefined) return primitiveProblems(yaml, [list ?? '', index]);
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => unknownKeyProblem(yaml, [key], Object.keys(spaceFile.shape)));
    }
    return [{ message: `${issue.message}.`, place: yaml.placeOf(issue.path) }];
  });
}

/** A file that extends no other needs both lists. */
export function missingLists(yaml: YamlFile): Problem[] {
  const file = yaml.nodeAt([]);
  if (!isMap(file) || file.has('extends')) return [];
  return ['unary', 'binary']
    .filter((key) => !file.has(key))
    .map((key) => ({
      message: `the list "${key}" is missing.`,
      hint: 'Write it, or take over another space\'s with "extends: paper".',
      place: yaml.placeOf([]),
    }));
}

function shapelessFile(yaml: YamlFile): Problem {
  const node = yaml.nodeAt([]);
  const empty = node === undefined || (isScalar(node) && node.value === null);
  return {
    message: empty ? 'the file is empty.' : 'a search space is a set of keys, each "KEY: VALUE".',
    hint: `Keys: ${Object.keys(spaceFile.shape).join(', ')}. See docs/search-spaces.md.`,
    place: yaml.placeOf([]),
  };
}

function primitiveProblems(yaml: YamlFile, path: YamlPath): Problem[] {
  const node = yaml.nodeAt(path);
  const place = yaml.placeOf(path);
  if (isMap(node)) return node.has('formula') ? longProblems(yaml, path) : namedProblems(yaml, path, node);
  if (isSeq(node)) {
    const hint = 'Begin each line with one "- "; text that begins with [ needs quotes.';
    return [{ message: 'a list is no primitive.', hint, place }];
  }
  if (isScalar(node) && node.value !== null) {
    const hint = 'Write a formula such as sigmoid(x).';
    return [{ message: `"${yaml.written(node)}" is no formula.`, hint, place }];
  }
  return [{ message: 'this line of the list is empty.', hint: 'Write a formula after the "- ".', place }];
}

function longProblems(yaml: YamlFile, path: YamlPath): Problem[] {
  const node = yaml.nodeAt(path) as YAMLMap;
  const issues = longPrimitive.safeParse(node.toJSON()).error?.issues ?? [];
  return issues.flatMap((issue): Problem[] => {
    if (issue.code !== 'unrecognized_keys') {
      return [{ message: `${issue.message}.`, place: yaml.placeOf([...path, ...issue.path]) }];
    }
    return issue.keys.map((key) => {
      if (node.flow) return quotesNeeded(yaml, path);
      return unknownKeyProblem(yaml, [...path, key], Object.keys(longPrimitive.shape));
    });
  });
}

function namedProblems(yaml: YamlFile, path: YamlPath, node: YAMLMap): Problem[] {
  const keys = node.items.map(({ key }) => (isScalar(key) ? String(key.value) : ''));
  const [key = ''] = keys;
  const place = yaml.placeOf(path);
  if (keys.length > 1) {
    if (node.flow) return [quotesNeeded(yaml, path)];
    const long = keys.find((name) => Object.hasOwn(longPrimitive.shape, name));
    if (long !== undefined) {
      return [
        { message: 'a primitive with several keys needs the key "formula".', hint: suggestKeys(keys), place },
      ];
    }
    const hint = 'Begin each primitive on a line of its own with "- ".';
    return [{ message: `a line of the list holds one primitive, this one ${keys.length}.`, hint, place }];
  }
  const value = yaml.nodeAt([...path, key]);
  if (keys.length === 0 || value === undefined || (isScalar(value) && value.value === null)) {
    const hint = `Write it behind the colon: "- ${key || 'gaussian'}: exp(-x^2)".`;
    return [{ message: `"${key}" has no formula.`, hint, place }];
  }
  const issue = namedFormula.safeParse(node.toJSON()).error?.issues[0];
  return [{ message: `${issue?.message ?? 'this is no primitive'}.`, place }];
}

function suggestKeys(keys: readonly string[]): string {
  const known = Object.keys(longPrimitive.shape);
  const unknown = keys.find((key) => !known.includes(key));
  return unknown === undefined ? 'Add "formula: …".' : `"${unknown}"? ${suggestion(unknown, known)}`;
}

function quotesNeeded(yaml: YamlFile, path: YamlPath): Problem {
  return {
    message: 'in braces a formula with a comma or bracket needs quotes.',
    hint: 'Write { formula: "max(x, 0)" }.',
    place: yaml.placeOf(path),
  };
}
