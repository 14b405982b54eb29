import { readFileSync, statSync } from 'node:fs';
import { knownFormula, knownFunction, knownFunctions } from '../catalog/catalog.ts';
import { readFormula } from '../catalog/read-formula.ts';
import { ActivationSearchError, nearestName, type Place, placed } from '../errors.ts';
import type { Expression } from '../expression/expression.ts';
import { FunctionIndex } from '../expression/fingerprint.ts';
import { parse, print } from '../expression/notation.ts';
import { refuse } from '../expression/refusal.ts';
import { simplify } from '../expression/simplify.ts';
import { shownPath } from '../paths.ts';
import { chosenBaselines, storedBaseline } from '../search/baselines.ts';
import { Store } from '../storage/store.ts';
import type { Candidate } from '../study/candidate.ts';
import { commandText } from '../terminal/command-text.ts';

/** A function to be trained. One with a name is a baseline of its study, the others are given formulas. */
export interface ChosenFunction {
  readonly name: string | null;
  readonly formula: string;
}

export interface ChoosingOptions {
  /** The database of ids and studies. */
  readonly database: string;
  /** The study that `top:N` refers to. */
  readonly study?: string | undefined;
}

/**
 * The functions that words stand for, each once: a formula, a name of the catalog, the id of a stored
 * candidate, `top:N` for the leaders of a study, or a file of formulas. Refuses what cannot be read or
 * trained, and two words that are one function.
 */
export function chosenFunctions(
  words: readonly string[],
  options: ChoosingOptions,
): readonly ChosenFunction[] {
  const chosen: { readonly word: string; readonly one: ChosenFunction; readonly repeats: boolean }[] = [];
  const index = new FunctionIndex();
  for (const word of words) {
    for (const { one, place, repeats = false } of wordFunctions(word, options)) {
      const expression = placed(place, () => trainable(one));
      const same = index.find(expression);
      const other = same === undefined ? undefined : chosen[same];
      if (!other) {
        index.add(expression, chosen.length);
        chosen.push({ word: functionLabel(one), one, repeats });
      } else if (!repeats && !other.repeats) {
        throw new ActivationSearchError(
          'formula',
          `${functionLabel(one)} and ${other.word} are the same function.`,
          { hint: 'Give one of them.', ...(place ? { place } : {}) },
        );
      }
    }
  }
  return chosen.map(({ one }) => one);
}

/** How tables call a function. */
export function functionLabel({ name, formula }: ChosenFunction): string {
  return name ?? formula;
}

/** The functions with a name, as the baselines of a study are written. */
export function asBaselines(functions: readonly ChosenFunction[]): readonly string[] {
  return functions.flatMap(({ name, formula }) => {
    if (name === null) return [];
    return [knownFunction(name) ? name : `${name} = ${formula}`];
  });
}

/** The formulas of the functions without a name. */
export function asFormulas(functions: readonly ChosenFunction[]): readonly string[] {
  return functions.flatMap(({ name, formula }) => (name === null ? [formula] : []));
}

interface WordFunction {
  readonly one: ChosenFunction;
  readonly place?: Place;
  /** Chosen by the tool: passed over where a person has named an equal function. */
  readonly repeats?: boolean;
}

function wordFunctions(word: string, options: ChoosingOptions): readonly WordFunction[] {
  const text = word.trim();
  const isStored = /^(top:.*|\d+)$/.test(text);
  return !isStored && isFile(text) ? fileFunctions(text, options) : textFunctions(text, options);
}

function textFunctions(text: string, options: ChoosingOptions): readonly WordFunction[] {
  const top = /^top:(.*)$/.exec(text)?.[1];
  if (top !== undefined) return leaders(top, options).map((one) => ({ one, repeats: true }));
  if (/^\d+$/.test(text)) return [{ one: candidateFunction(Number(text), options.database) }];
  const known = knownFunction(text);
  if (known || /^[A-Za-z][\w. -]*=/.test(text)) return [{ one: named(text) }];
  if (/^[A-Z][\w-]*$/.test(text)) {
    const names = knownFunctions().map(({ name }) => name);
    const near = nearestName(text, names);
    throw new ActivationSearchError('formula', `there is no function called "${text}".`, {
      hint: `${near === undefined ? '' : `Did you mean "${near}"? `}Give a name of the catalog, or a formula of x.`,
    });
  }
  return [{ one: { name: null, formula: text } }];
}

/** A name of the catalog, or `name = formula`. */
function named(text: string): ChosenFunction {
  const [stored] = chosenBaselines([text]).filter((one) => one !== 'ReLU');
  return storedBaseline(stored ?? 'ReLU');
}

/** Functions one a line, `name = formula` among them, but no further file; what follows a `#` is a remark. */
function fileFunctions(path: string, options: ChoosingOptions): readonly WordFunction[] {
  const file = shownPath(path);
  const functions = readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((text, index): WordFunction[] => {
      const line = text.replace(/#.*/, '').trim();
      const place = { file, line: index + 1 };
      if (line === '') return [];
      return placed(place, () => textFunctions(line, options)).map((found) => ({ ...found, place }));
    });
  if (functions.length > 0) return functions;
  throw new ActivationSearchError('formula', 'the file holds no formula.', {
    place: { file },
    hint: 'Write one a line, such as x*tanh(x) or mine = x*tanh(x); # begins a remark.',
  });
}

function isFile(text: string): boolean {
  if (statSync(text, { throwIfNoEntry: false })?.isFile()) return true;
  if (!/\.(txt|csv|list|md)$/i.test(text)) return false;
  throw new ActivationSearchError('formula', `there is no file ${text}.`, {
    hint: 'Give a formula, or a file of formulas, one a line.',
  });
}

function candidateFunction(id: number, database: string): ChosenFunction {
  return reading(database, (store) => {
    const candidate = store.candidate(id);
    if (candidate) return ofCandidate(candidate);
    throw new ActivationSearchError('usage', `no candidate ${id} in ${store.file}.`, {
      hint: `Ids are in: ${commandText(['leaderboard', '--json'], store.file)}`,
    });
  });
}

/** The first functions of a study's ranking, each once, whoever proposed them. */
function leaders(text: string, { database, study }: ChoosingOptions): readonly ChosenFunction[] {
  const count = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (count === 0) {
    throw new ActivationSearchError('usage', `top:${text} is no number of functions.`, {
      hint: 'Write, for example, top:3.',
    });
  }
  if (study === undefined) {
    throw new ActivationSearchError('usage', `top:${count} needs a study.`, {
      hint: `Name it: top:${count} --study NAME`,
    });
  }
  return reading(database, (store) => {
    const index = new FunctionIndex();
    index.add(parse(knownFormula('ReLU')), -1);
    const ranked = store
      .leaderboard(store.study(study).name)
      .filter(({ rank }) => rank !== null)
      .filter(({ expression }, place) => {
        const read = parse(expression);
        const isNew = index.find(read) === undefined;
        if (isNew) index.add(read, place);
        return isNew;
      });
    if (ranked.length >= count) return ranked.slice(0, count).map(ofCandidate);
    throw new ActivationSearchError(
      'usage',
      `study "${study}" ranks ${ranked.length} functions beside ReLU, not ${count}.`,
      { hint: ranked.length === 0 ? 'Let it train some first.' : `Ask for the first ${ranked.length}.` },
    );
  });
}

function ofCandidate({ name, expression }: Pick<Candidate, 'name' | 'expression'>): ChosenFunction {
  return { name, formula: expression };
}

function reading<T>(database: string, action: (store: Store) => T): T {
  const store = Store.open(database, { readonly: true });
  try {
    return action(store);
  } finally {
    store.close();
  }
}

/** The function as it is trained; refuses one that cannot be. */
function trainable({ name, formula }: ChosenFunction): Expression {
  const expression = simplify(readFormula(formula));
  const refusal = refuse(expression);
  if (!refusal) return expression;
  throw new ActivationSearchError('formula', `${name ?? formula} cannot be trained: ${refusal.reason}.`, {
    hint: `An activation function is finite on [-5, 5] and bends; this one is ${print(expression)}.`,
  });
}
