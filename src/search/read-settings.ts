import { resolve } from 'node:path';
import type { z } from 'zod';
import { ActivationSearchError, formatPlace } from '../errors.ts';
import { knownKeys, type PlaceOf, placesIn } from '../schema-problems.ts';
import { folderOfPlace } from '../shipped-files.ts';
import {
  type Problem,
  readYamlFile,
  refuseProblems,
  unknownKeyProblem,
  type YamlFile,
  type YamlPath,
} from '../yaml-file.ts';
import {
  type GivenSettings,
  renamedSettings,
  type SettingKey,
  type StudySettings,
  settingFacts,
  settingKeys,
  studySettings,
} from './study-settings.ts';

/** Settings given by flags. */
export interface FlagSettings {
  /** Whole settings, which replace those of a file. */
  readonly whole?: GivenSettings;
  /** Parts of settings, such as `clip` of `score`, which leave the other parts as the file has them. */
  readonly parts?: { readonly [Key in SettingKey]?: Readonly<Record<string, unknown>> };
}

/** Settings that a person gave, checked one by one, and where each was written. */
export interface ReadSettings {
  readonly settings: StudySettings;
  readonly placeOf: PlaceOf;
}

/**
 * The settings of a study from a YAML file, if one is named, and from flags, which win. Refuses unknown keys,
 * with the nearest known one, and values out of range, all at once with line and column. A path in a file is
 * relative to that file.
 */
export function readSettings(
  file: string | undefined,
  { whole = {}, parts = {} }: FlagSettings = {},
): ReadSettings {
  const yaml = file === undefined ? undefined : readYamlFile(file, 'config');
  const given = withParts({ ...(yaml ? mapping(yaml) : {}), ...whole }, parts);
  const flagOf = ([key, part]: YamlPath): string | undefined => {
    if (!settingKeys.includes(key as SettingKey)) return undefined;
    const { flags } = settingFacts(key as SettingKey);
    const isPart = part !== undefined && Object.hasOwn(parts[key as SettingKey] ?? {}, part);
    if (!isPart && !Object.hasOwn(whole, key as SettingKey)) return undefined;
    return flags.find((flag) => !isPart || flag.part === part)?.spec.split(' ')[0];
  };
  const parsed = studySettings.safeParse(given);
  if (!parsed.success) refuseIssues(parsed.error, given, flagOf, yaml);
  const placeOf: PlaceOf = (path, part) => {
    const isWritten = flagOf(path) === undefined && yaml?.nodeAt(path.slice(0, 1)) !== undefined;
    return isWritten ? placesIn(yaml)(path, part) : undefined;
  };
  const { db, ...settings } = parsed.data as StudySettings;
  const database = db === undefined ? {} : { db: resolve(folderOfPlace(placeOf(['db'])), db) };
  return { settings: { ...settings, ...database }, placeOf };
}

function mapping(yaml: YamlFile): object {
  if (yaml.value === null || yaml.value === undefined) return {};
  if (typeof yaml.value === 'object' && !Array.isArray(yaml.value)) return yaml.value;
  throw new ActivationSearchError(
    'config',
    'a study is written as keys and values, such as "candidates: 100".',
    { place: yaml.placeOf([]), hint: 'See runs/quickstart.yaml.' },
  );
}

/**
 * Puts parts into settings. One that is a name, such as `score: loss`, stands for an object of that `kind`.
 */
function withParts(
  settings: Readonly<Record<string, unknown>>,
  parts: NonNullable<FlagSettings['parts']>,
): object {
  const changed = Object.entries(parts).map(([key, part]) => {
    const given = settings[key] ?? {};
    const whole = (typeof given === 'string' ? { kind: given } : given) as Readonly<Record<string, unknown>>;
    const values = Object.entries(part).map(([name, value]) => [name, merged(whole[name], value)]);
    return [key, { ...whole, ...Object.fromEntries(values) }];
  });
  return { ...settings, ...Object.fromEntries(changed) };
}

function merged(before: unknown, now: unknown): unknown {
  const areObjects = [before, now].every((one) => typeof one === 'object' && one !== null);
  return areObjects ? { ...(before as object), ...(now as object) } : now;
}

/**
 * Throws what a schema has against settings: against a flag first, else everything that is wrong in the file.
 */
function refuseIssues(
  error: z.ZodError,
  given: unknown,
  flagOf: (path: YamlPath) => string | undefined,
  yaml: YamlFile | undefined,
): never {
  const issues = error.issues.flatMap(meantIssues);
  for (const issue of issues) {
    const flag = flagOf(issue.path);
    if (flag === undefined) continue;
    const inner = issue.code === 'invalid_union' ? issue.errors.flat()[0] : undefined;
    throw new ActivationSearchError('usage', `${flag}: ${inner?.message ?? issue.message}.`, {
      hint: 'See: npx activation-search search --help',
    });
  }
  if (yaml) {
    const problems = issues.flatMap((issue) => problemsOf(issue, given, yaml));
    refuseProblems(oneAtEachPlace(problems), yaml.file, 'config');
  }
  throw error;
}

function problemsOf(issue: z.core.$ZodIssue, given: unknown, yaml: YamlFile): Problem[] {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => keyProblem([...issue.path, key], given, yaml));
  return [{ message: `${issue.message}.`, place: yaml.placeOf(issue.path) }];
}

function keyProblem(path: YamlPath, given: unknown, yaml: YamlFile): Problem {
  const key = String(path.at(-1));
  const name = path.length === 1 ? renamedSettings[key] : undefined;
  if (name === undefined)
    return unknownKeyProblem(yaml, path, knownKeys(studySettings, given, path.slice(0, -1)));
  return {
    message: `"${key}" is called "${name}" now.`,
    hint: `Write ${name}: ${JSON.stringify(yaml.nodeAt(path)) ?? ''}`,
    place: yaml.placeOfKey(path),
  };
}

/**
 * What is wrong in the branch of a union that a value was meant for: in an object, say, where a name would do
 * too.
 */
function meantIssues(issue: z.core.$ZodIssue): readonly z.core.$ZodIssue[] {
  if (issue.code !== 'invalid_union') return [issue];
  const branches = issue.errors.filter((problems) => !problems.some(isWrongType));
  const [nearest] = branches;
  if (branches.length !== 1 || !nearest) return [issue];
  return nearest.flatMap((inner) => meantIssues({ ...inner, path: [...issue.path, ...inner.path] }));
}

function isWrongType(issue: z.core.$ZodIssue): boolean {
  return ['invalid_type', 'invalid_value'].includes(issue.code) && issue.path.length === 0;
}

/** The first problem at each place: of a value that breaks several rules, one is reported. */
function oneAtEachPlace(problems: readonly Problem[]): readonly Problem[] {
  const places = new Set<string>();
  return problems.filter(({ place }) => places.size < places.add(formatPlace(place)).size);
}
