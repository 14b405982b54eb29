import type { z } from 'zod';
import { ActivationSearchError, formatPlace } from '../errors.ts';
import { type PlaceOf, placesIn } from '../schema-problems.ts';
import {
  type Problem,
  readYamlFile,
  refuseProblems,
  unknownKeyProblem,
  type YamlFile,
} from '../yaml-file.ts';
import { keysOf, renamedKeys, type StudyFile, type StudyFileInput, studyFile } from './study-file.ts';

/** What a person gave, checked key by key, and where each key stands. */
export interface GivenStudy {
  readonly given: StudyFile;
  readonly placeOf: PlaceOf;
}

/**
 * A study from a YAML file, if one is named, and flags, which win. Refuses unknown keys, with the nearest known
 * one, and values out of range, all at once with line and column.
 */
export function readStudy(file: string | undefined, flags: StudyFileInput): GivenStudy {
  const yaml = file === undefined ? undefined : readYamlFile(file, 'config');
  const fromFile = yaml ? mapping(yaml) : {};
  const parsed = studyFile.safeParse({ ...fromFile, ...flags });
  const isFlag = (path: readonly PropertyKey[]): boolean =>
    path[0] !== undefined && Object.hasOwn(flags, path[0]);
  if (!parsed.success) {
    const [byFlag, inFile] = partition(parsed.error.issues, (issue) => isFlag(issue.path));
    for (const issue of byFlag) refuseFlag(issue);
    if (yaml)
      refuseProblems(distinct(inFile.flatMap((issue) => problemsOf(issue, yaml))), yaml.file, 'config');
    throw new ActivationSearchError('config', parsed.error.message);
  }
  return {
    given: parsed.data,
    placeOf: (path, part) =>
      isFlag(path) || !yaml?.nodeAt(path.slice(0, 1)) ? undefined : placesIn(yaml)(path, part),
  };
}

function mapping(yaml: YamlFile): object {
  if (yaml.value === null || yaml.value === undefined) return {};
  if (typeof yaml.value === 'object' && !Array.isArray(yaml.value)) return yaml.value;
  throw new ActivationSearchError(
    'config',
    'a study is written as keys and values, such as "candidates: 100".',
    {
      place: yaml.placeOf([]),
      hint: 'See runs/quickstart.yaml.',
    },
  );
}

function problemsOf(issue: z.core.$ZodIssue, yaml: YamlFile): Problem[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => keyProblem(yaml, [...issue.path, key]));
  }
  if (issue.code === 'invalid_union') return unionProblems(issue, yaml);
  return [{ message: `${issue.message}.`, place: yaml.placeOf(issue.path) }];
}

function keyProblem(yaml: YamlFile, path: readonly PropertyKey[]): Problem {
  const key = String(path.at(-1));
  const name = path.length === 1 ? renamedKeys[key] : undefined;
  if (name === undefined) return unknownKeyProblem(yaml, path, knownKeys(path.slice(0, -1)));
  return {
    message: `"${key}" is called "${name}" now.`,
    hint: `Write ${name}: ${JSON.stringify(yaml.nodeAt(path)) ?? ''}`,
    place: yaml.placeOfKey(path),
  };
}

/** Of a union's branches, the one that got furthest says what is wrong: a name, or an object of keys. */
function unionProblems(issue: z.core.$ZodIssueInvalidUnion, yaml: YamlFile): Problem[] {
  const branches = issue.errors.filter((problems) => !problems.some(isWrongType));
  const [nearest] = branches;
  if (branches.length !== 1 || !nearest)
    return [{ message: `${issue.message}.`, place: yaml.placeOf(issue.path) }];
  return nearest.flatMap((inner) => problemsOf({ ...inner, path: [...issue.path, ...inner.path] }, yaml));
}

function isWrongType(issue: z.core.$ZodIssue): boolean {
  return issue.code === 'invalid_type' && issue.path.length === 0;
}

function knownKeys(path: readonly PropertyKey[]): readonly string[] {
  return keysOf[path.filter((part) => typeof part === 'string').join('.')] ?? [];
}

function refuseFlag(issue: z.core.$ZodIssue): never {
  const [key] = issue.path;
  const shown =
    issue.code === 'invalid_union' ? (issue.errors.flat()[0]?.message ?? issue.message) : issue.message;
  throw new ActivationSearchError('usage', `--${flagOf(String(key))}: ${shown}.`, {
    hint: 'See: npx activation-search search --help',
  });
}

/** `stopAtTarget` as the flag `stop-at-target`; a list's flag is named once for each entry. */
function flagOf(key: string): string {
  if (key === 'children') return 'child';
  return key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** A value that breaks several rules is told the first of them. */
function distinct(problems: readonly Problem[]): readonly Problem[] {
  const places = new Set<string>();
  return problems.filter(({ place }) => places.size < places.add(formatPlace(place)).size);
}

function partition<T>(items: readonly T[], test: (item: T) => boolean): [T[], T[]] {
  return [items.filter(test), items.filter((item) => !test(item))];
}
