import type { Argument } from '../expression/arguments.ts';
import { call, type Expression, fold, number, variable } from '../expression/expression.ts';
import type { ForeignNames, RefuseCall } from '../expression/foreign-names.ts';
import { type ParseOptions, parse } from '../expression/notation.ts';
import { type OperatorName, operatorFor, operatorNames } from '../expression/operators.ts';
import { simplify } from '../expression/simplify.ts';
import { substitute } from '../expression/substitute.ts';
import { knownFunction, plain } from './catalog.ts';
import { formulaOf, piecewise, where } from './conditions.ts';
import { foreignFunctions, frameworks, geluBy, neverParameters, notOfX } from './foreign-functions.ts';
import { type ForeignFunction, type ForeignRows, readRows } from './foreign-rows.ts';

/**
 * The expression of a formula as people write it: in our notation, or as in PyTorch, NumPy, JAX, TensorFlow,
 * Keras and SymPy, or with names of known functions. Where frameworks differ, the module's name decides:
 * F.gelu(x) is exact, jax.nn.gelu(x) is by tanh. What is stored is our notation.
 */
export function readFormula(text: string, options: Omit<ParseOptions, 'foreign'> = {}): Expression {
  return parse(text, { ...options, foreign });
}

const named = readRows(foreignFunctions);
const families = frameworks.map(({ modules, functions }) => ({ modules, functions: readRows(functions) }));
const operatorsByName: ReadonlyMap<string, OperatorName> = new Map(
  operatorNames
    .filter((name) => ['function', 'bars'].includes(operatorFor(name).notation.kind))
    .map((name) => [plain(name), name]),
);
const conditionals = new Map(Object.entries({ where, piecewise }));
/** What frameworks call operands; of other arguments, such as axis, the meaning would be lost. */
const operandNames = ['x', 'x1', 'x2', 'y', 'a', 'b', 'input', 'other', 'features'];
/** Arguments that do not change the value. */
const ignored = ['inplace', 'name', 'out'];
const constants: ReadonlyMap<string, Expression> = new Map([
  ['e', call('exp', number(1))],
  ['E', call('exp', number(1))],
  ['pi', number(Math.PI)],
]);

const foreign: ForeignNames = {
  knows: (name) => name.includes('.') || isKnown(name),
  isReserved: (name) => neverParameters.includes(name),
  constant(name) {
    const { module, base } = split(name);
    return module === undefined || families.some(({ modules }) => modules.includes(module))
      ? constants.get(base)
      : undefined;
  },
  call(name, given, refuse) {
    const { module, base } = split(name);
    const rest = given.filter(({ name: keyword }) => keyword === null || !ignored.includes(keyword));
    // x.sigmoid() is sigmoid(x).
    if (module === 'x') {
      const [token] = given.map(({ token }) => token);
      const operand = { name: null, value: variable('x'), token } as Argument;
      return meaning(base, undefined, [operand, ...rest], refuse, name);
    }
    const family = module === undefined ? undefined : familyOf(module, base);
    if (module !== undefined && !family) {
      const modules = families.map(({ modules: [first] }) => first).join(', ');
      throw refuse(`"${module}" is no module that is understood`, `Understood are those of ${modules}.`);
    }
    return meaning(base, family, rest, refuse, name);
  },
};

function isKnown(base: string): boolean {
  const key = plain(base);
  return (
    named.has(key) ||
    notOfX.has(key) ||
    conditionals.has(key) ||
    operatorsByName.has(key) ||
    knownFunction(base) !== undefined
  );
}

function meaning(
  base: string,
  family: ForeignRows | undefined,
  given: readonly Argument[],
  refuse: RefuseCall,
  name: string,
): Expression {
  const key = plain(base);
  const why = notOfX.get(key);
  if (why !== undefined) {
    throw refuse(`${name} ${why}: no activation function of x alone`, 'Write a formula of x.');
  }
  const conditional = conditionals.get(key);
  if (conditional) return conditional(given, refuse);
  if (key === 'gelu') {
    const gelu = approximation(given, refuse);
    if (gelu) return fill({ extra: [], formula: `= ${gelu}` }, given.slice(0, 1), refuse, name);
  }
  const row = family?.get(key) ?? named.get(key);
  if (row) return fill(row, given, refuse, name);
  const operator = operatorsByName.get(key);
  if (operator) return operation(operator, given, refuse, name);
  if (!knownFunction(base)) {
    throw refuse(
      `${name} is not understood`,
      'Write what it does: + - * / ^, |x| and functions such as tanh(x).',
    );
  }
  return fill({ extra: [], formula: `= ${base}` }, given, refuse, name);
}

/** An operator of ours under its own name. Of max and min any number of operands is joined. */
function operation(
  operator: OperatorName,
  given: readonly Argument[],
  refuse: RefuseCall,
  name: string,
): Expression {
  const odd = given.find(({ name: keyword }) => keyword !== null && !operandNames.includes(keyword));
  if (odd) throw refuse(`${name} takes no argument "${odd.name}"`, 'Formulas work value by value.', odd);
  const operands = given.map((argument) => formulaOf(argument, refuse));
  const { arity, idempotent } = operatorFor(operator);
  const [first, ...others] = operands;
  if (first && idempotent && others.length > 0)
    return others.reduce((left, right) => call(operator, left, right), first);
  if (operands.length === arity) return call(operator, ...operands);
  const wanted = arity === 1 ? 'one operand' : 'two operands';
  throw refuse(
    `${name} takes ${wanted}, not ${operands.length}`,
    `Write ${name}(${'x, 0'.slice(0, 3 * arity - 2)}).`,
  );
}

/** A function of the table over its arguments. */
function fill(
  { extra, formula }: ForeignFunction,
  given: readonly Argument[],
  refuse: RefuseCall,
  name: string,
): Expression {
  const [first, ...rest] = bind(['x', ...extra.map(({ names }) => names)], given, refuse, name);
  if (!first)
    throw refuse(
      `${name} lacks its operand`,
      `Write ${name}${/^[A-Z]/.test(split(name).base) ? '()' : ''}(x).`,
    );
  const values = new Map<string, Expression>();
  const operands: { x: Expression; x1?: Expression; x2?: Expression } = { x: formulaOf(first, refuse) };
  const leftOut = new Set<string>();
  extra.forEach(({ names, initial }, index) => {
    const [called] = names as readonly [string];
    const argument = rest[index];
    const value = argument
      ? formulaOf(argument, refuse)
      : typeof initial === 'number'
        ? number(initial)
        : undefined;
    if (value?.kind === 'number') values.set(called, value);
    else if (value) {
      // A formula has its own x and parameters: it takes its place together with the operand.
      const place = index === 0 ? 'x1' : 'x2';
      values.set(called, variable(place));
      operands[place] = value;
    } else if (initial === 'none') leftOut.add(called);
    // A parameter of a known function is trained where it is not given.
    else if (!formula.startsWith('= ')) {
      throw refuse(`${name} lacks the argument ${called}`, `Write ${name}(x, …).`);
    }
  });
  if (leftOut.size > 0 && leftOut.size === extra.length) {
    throw refuse(`${name} lacks ${[...leftOut].join(' and ')}`, `Write ${name}(x, …), with one of them.`);
  }
  const template = without(templateOf(formula), leftOut);
  const filled = values.size === 0 ? template : simplify(replaceParameters(template, values));
  return substitute(filled, operands);
}

/** The arguments in the order of the names that they have or stand for. */
function bind(
  wanted: readonly (string | readonly string[])[],
  given: readonly Argument[],
  refuse: RefuseCall,
  name: string,
): readonly (Argument | undefined)[] {
  const bound: (Argument | undefined)[] = wanted.map(() => undefined);
  let next = 0;
  for (const argument of given) {
    const { name: keyword } = argument;
    const place = keyword === null ? next++ : wanted.findIndex((names) => [names].flat().includes(keyword));
    if (place < 0 || place >= wanted.length) {
      const known = wanted.map((names) => [names].flat()[0]).join(', ');
      const what = keyword === null ? 'one argument less' : `no argument "${keyword}"`;
      throw refuse(`${name} takes ${what}`, `Its arguments are ${known}.`, argument);
    }
    if (argument.value !== undefined) bound[place] = argument;
  }
  return bound;
}

/** GELU's formula by its argument `approximate`; undefined where it is not given. */
function approximation(given: readonly Argument[], refuse: RefuseCall): string | undefined {
  const argument = given.find(({ name }) => name === 'approximate') ?? given[1];
  if (argument?.value === undefined) return undefined;
  const known = geluBy.get(String(argument.value));
  if (known) return known;
  throw refuse('approximate is "tanh" or "none", True or False', 'Leave it out for the default.', argument);
}

function templateOf(formula: string): Expression {
  if (!formula.startsWith('= ')) return parse(formula);
  const known = knownFunction(formula.slice(2));
  if (!known) throw new RangeError(`${formula.slice(2)} is not in the catalog`);
  // Where the catalog has constants with all digits, code means those.
  return known.also[0] ?? known.expression;
}

function replaceParameters(template: Expression, values: ReadonlyMap<string, Expression>): Expression {
  return fold<Expression>(template, {
    number: (node) => node,
    variable: (node) => node,
    parameter: (node) => values.get(node.name) ?? node,
    call: (node, parts) => call(node.operator, ...parts),
  });
}

/** The template without these parameters: max(x, low) without low is x. */
function without(template: Expression, leftOut: ReadonlySet<string>): Expression {
  return fold<Expression>(template, {
    number: (node) => node,
    variable: (node) => node,
    parameter: (node) => node,
    call: (node, parts) => {
      const kept = parts.filter((part) => part.kind !== 'parameter' || !leftOut.has(part.name));
      return kept.length < parts.length ? (kept[0] as Expression) : call(node.operator, ...parts);
    },
  });
}

function split(name: string): { readonly module: string | undefined; readonly base: string } {
  const at = name.lastIndexOf('.');
  return { module: at < 0 ? undefined : name.slice(0, at), base: name.slice(at + 1) };
}

/**
 * The functions that a module means otherwise than usual; of nn, classes are PyTorch's and functions are
 * Flax's.
 */
function familyOf(module: string, base: string): ForeignRows | undefined {
  const name = module === 'nn' && /^[A-Z]/.test(base) ? 'torch.nn' : module;
  return families.find(({ modules }) => modules.includes(name))?.functions;
}
