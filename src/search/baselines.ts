import { knownFormula, knownFunction, knownFunctions } from '../catalog/catalog.ts';
import { readFormula } from '../catalog/read-formula.ts';
import { ActivationSearchError, suggestion } from '../errors.ts';
import { print } from '../expression/notation.ts';
import { refuse } from '../expression/refusal.ts';

/**
 * Functions of the catalog that each study trains for comparison, as Ramachandran, Zoph and Le (2017) do, in
 * the order in which they are trained. ReLU comes first, because scores are made with it. Controllers never
 * learn of them.
 */
export const baselineNames = [
  'ReLU',
  'LReLU',
  'PReLU',
  'Softplus',
  'ELU',
  'SELU',
  'GELU',
  'Swish-1',
  'Swish',
] as const;

export type BaselineName = (typeof baselineNames)[number];

/** A function under a name: one of the catalog, or a person's own. */
export interface NamedFormula {
  readonly name: string;
  readonly formula: string;
}

/** A baseline as a study's configuration has it: a name of the catalog, or `name = formula`. */
export function storedBaseline(text: string): NamedFormula {
  const [, name, formula] = ownFormula.exec(text) ?? [];
  return name === undefined || formula === undefined
    ? { name: text, formula: knownFormula(text) }
    : { name, formula };
}

/**
 * The baselines of a study as its configuration has them, ReLU always first: all of `baselineNames`, none but
 * ReLU, or those of a list. A list may name other functions of the catalog, and give own ones as `name =
 * formula`; they follow in its order. Refuses unknown names, formulas that cannot be trained, and a name that
 * stands for two functions.
 */
export function chosenBaselines(given: boolean | readonly string[]): readonly string[] {
  if (typeof given === 'boolean') return given ? baselineNames : ['ReLU'];
  const chosen = [...new Set(given.map(readBaseline))];
  const names = chosen.map((text) => storedBaseline(text).name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    throw new ActivationSearchError('config', `"${twice}" names two baselines.`, {
      hint: 'Give one of them another name.',
    });
  }
  const usual: readonly string[] = baselineNames;
  return [
    ...usual.filter((name) => name === 'ReLU' || chosen.includes(name)),
    ...chosen.filter((text) => !usual.includes(text)),
  ];
}

/** A name, and after `=` a formula. Formulas with a keyword argument have a parenthesis before their `=`. */
const ownFormula = /^\s*([A-Za-z][\w. -]{0,59}?)\s*=(?!=)\s*(\S.*?)\s*$/;

function readBaseline(given: string): string {
  const [, name, formula] = ownFormula.exec(given) ?? [];
  if (name === undefined || formula === undefined) return knownBaseline(given);
  if (knownFunction(name)) {
    throw new ActivationSearchError('config', `"${name}" is the name of a known function.`, {
      hint: `Write ${name} alone to train it, or give your function another name.`,
    });
  }
  const expression = readFormula(formula);
  const refusal = refuse(expression);
  if (refusal) {
    throw new ActivationSearchError('config', `baseline "${name}" cannot be trained: ${refusal.reason}.`, {
      hint: 'An activation function is finite on [-5, 5] and bends.',
    });
  }
  return `${name} = ${print(expression)}`;
}

function knownBaseline(given: string): string {
  const known = knownFunction(given);
  if (known) return baselineNames.find((name) => knownFunction(name) === known) ?? known.name;
  const names = [...new Set([...baselineNames, ...knownFunctions().map(({ name }) => name)])];
  throw new ActivationSearchError('config', `unknown baseline "${given}".`, {
    hint: `${suggestion(given, names)} Your own is written with a name: mine = x*tanh(x)`,
  });
}
