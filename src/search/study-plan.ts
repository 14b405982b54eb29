import { z } from 'zod';
import { readFormula } from '../catalog/read-formula.ts';
import type { ControllerKind, Tokens } from '../controllers/controller.ts';
import { controllerKind } from '../controllers/controllers.ts';
import type { Expression } from '../expression/expression.ts';
import { parse } from '../expression/notation.ts';
import { upright } from '../expression/reflection.ts';
import {
  restoreSpace,
  type SearchSpace,
  storeSpace,
  tokensToExpression,
} from '../search-space/search-space.ts';
import type { Json, StudyRecord } from '../storage/store.ts';
import { type StudyConfig, storedConfig } from './study-config.ts';

/** All that the loop needs to know of a study: what was asked for, and where candidates come from. */
export interface StudyPlan {
  readonly config: StudyConfig;
  readonly controller: ControllerKind;
  readonly space: SearchSpace;
  /** The space as the database keeps it. */
  readonly storedSpace: Json;
  readonly target: Expression | undefined;
  /** The function that is trained for tokens of the space. */
  expressionOf(tokens: Tokens): Expression;
}

const givenFormulas = z.strictObject({ formulas: z.array(z.string()).min(1) });

/** The plan of a study that searches a space. */
export function searchPlan(config: StudyConfig, space: SearchSpace): StudyPlan {
  return {
    ...common(config),
    space,
    storedSpace: storeSpace(space),
    expressionOf: (tokens) => {
      const expression = tokensToExpression(space, tokens);
      return config.reflections === 'once' ? upright(expression) : expression;
    },
  };
}

/** Given formulas as a space of one token, to be gone through from the first to the last. */
export function formulasSpace(formulas: readonly string[]): SearchSpace {
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

/** The plan of a study that trains given formulas. */
export function formulasPlan(config: StudyConfig, formulas: readonly string[]): StudyPlan {
  const expressions = formulas.map((formula) => readFormula(formula));
  return {
    ...common(config),
    space: formulasSpace(formulas),
    storedSpace: { formulas },
    expressionOf: ([token]) => expressions[token as number] as Expression,
  };
}

/** The plan of a stored study, whatever has become of the files it was made from. */
export function storedPlan(study: StudyRecord): StudyPlan {
  const config = storedConfig(study);
  const given = givenFormulas.safeParse(study.space);
  return given.success
    ? formulasPlan(config, given.data.formulas)
    : searchPlan(config, restoreSpace(study.space));
}

function common(config: StudyConfig): Pick<StudyPlan, 'config' | 'controller' | 'target'> {
  return {
    config,
    controller: controllerKind(config.controller.kind),
    target: config.target === null ? undefined : parse(config.target),
  };
}
