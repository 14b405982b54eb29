import { z } from 'zod';
import { readFormula } from '../catalog/read-formula.ts';
import type { ControllerKind } from '../controllers/controller.ts';
import { controllerKind } from '../controllers/controllers.ts';
import { placed } from '../errors.ts';
import type { Expression } from '../expression/expression.ts';
import { parse } from '../expression/notation.ts';
import { representatives } from '../expression/reflection.ts';
import { shownPath } from '../paths.ts';
import type { Tokens } from '../search-space/search-space.ts';
import {
  loadSearchSpace,
  restoreSpace,
  type SearchSpace,
  shippedSpaceNames,
  storeSpace,
  tokensToExpression,
} from '../search-space/search-space.ts';
import { folderOfPlace } from '../shipped-files.ts';
import type { Json, StudyRecord } from '../storage/store.ts';
import type { ReadSettings } from './read-settings.ts';
import { resolveSettings } from './resolve-settings.ts';
import { type ChosenSettings, type StudyConfig, storedConfig } from './study-config.ts';

/** A study with all that its configuration only names. */
export interface StudyPlan {
  readonly config: StudyConfig;
  readonly chosen: ChosenSettings;
  readonly controller: ControllerKind;
  readonly space: SearchSpace;
  /** The space as the database keeps it. */
  readonly storedSpace: Json;
  readonly target: Expression | undefined;
  /** The function that is trained for tokens of the space. */
  expressionOf(tokens: Tokens): Expression;
}

/** The plan of a study that searches the space which its settings name. */
export function searchPlan(read: ReadSettings): StudyPlan {
  const { space: name, units } = read.settings;
  const place = read.placeOf(['space']);
  const space = placed(place, () => loadSearchSpace(name, { units, folder: folderOfPlace(place) }));
  const spaceName = shippedSpaceNames().includes(name) ? name : shownPath(space.file);
  return planOfSpace(resolveSettings(read, space, spaceName), space);
}

/** The plan of a study that trains given formulas, all of them, whatever limits its settings have. */
export function formulasPlan(read: ReadSettings, formulas: readonly string[]): StudyPlan {
  const { config, chosen } = resolveSettings(read, formulasSpace(formulas), 'given formulas');
  return planOfFormulas({ config: { ...config, time: null, candidates: null }, chosen }, formulas);
}

/** The plan of a stored study, whatever has become of the files it was made from. */
export function storedPlan(study: StudyRecord): StudyPlan {
  const resolved = { config: storedConfig(study), chosen: { options: [], batch: false } };
  const given = givenFormulas.safeParse(study.space);
  return given.success
    ? { ...planOfFormulas(resolved, given.data.formulas), storedSpace: study.space }
    : planOfSpace(resolved, restoreSpace(study.space));
}

/** Whether a stored study trains the functions that it was given, and searches nothing. */
export function isOfGivenFunctions({ space }: Pick<StudyRecord, 'space'>): boolean {
  return givenFormulas.safeParse(space).success;
}

type Resolved = Pick<StudyPlan, 'config' | 'chosen'>;

const givenFormulas = z.strictObject({
  formulas: z.array(z.string()),
  /** Set where the functions are trained block by block. */
  contest: z.enum(['compare', 'confirm']).optional(),
});

function planOfSpace(resolved: Resolved, space: SearchSpace): StudyPlan {
  return {
    ...withKinds(resolved),
    space,
    storedSpace: storeSpace(space),
    expressionOf: (tokens) => {
      const expression = tokensToExpression(space, tokens);
      return representatives[resolved.config.reflections](expression);
    },
  };
}

function planOfFormulas(resolved: Resolved, formulas: readonly string[]): StudyPlan {
  const expressions = formulas.map((formula) => readFormula(formula));
  return {
    ...withKinds(resolved),
    space: formulasSpace(formulas),
    storedSpace: { formulas },
    expressionOf: ([token]) => expressions[token as number] as Expression,
  };
}

/** Given formulas as a space of one token, to be gone through from the first to the last. */
function formulasSpace(formulas: readonly string[]): SearchSpace {
  return Object.freeze({
    name: 'given formulas',
    description: '',
    file: '',
    units: 0,
    unary: [],
    binary: [],
    tokenCounts: [formulas.length],
    size: BigInt(formulas.length),
  });
}

function withKinds(resolved: Resolved): Resolved & Pick<StudyPlan, 'controller' | 'target'> {
  const { controller, target } = resolved.config;
  return {
    ...resolved,
    controller: controllerKind(controller.kind),
    target: target === null ? undefined : parse(target),
  };
}
