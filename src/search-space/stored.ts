import { z } from 'zod';
import { readFormula } from '../catalog/read-formula.ts';
import { createSearchSpace, type Primitive, type SearchSpace } from './space.ts';
import { unitCount } from './space-file.ts';

const storedPrimitive = z.strictObject({
  name: z.string(),
  formula: z.string(),
  note: z.string(),
  place: z.string(),
});

/** A search space as JSON, complete: a study does not depend on its files any more. */
const storedSpace = z.strictObject({
  name: z.string(),
  description: z.string(),
  file: z.string(),
  units: unitCount,
  unary: z.array(storedPrimitive).min(1),
  binary: z.array(storedPrimitive).min(1),
});
export type StoredSpace = z.infer<typeof storedSpace>;

/** What is stored with a study; `restoreSpace` gives the same space from it. */
export function storeSpace(space: SearchSpace): StoredSpace {
  const { name, description, file, units } = space;
  const list = (primitives: readonly Primitive[]) =>
    primitives.map((primitive) => ({
      name: primitive.name,
      formula: primitive.formula,
      note: primitive.note,
      place: primitive.place,
    }));
  return { name, description, file, units, unary: list(space.unary), binary: list(space.binary) };
}

/** The space of `storeSpace`'s JSON. Throws a ZodError on anything else. */
export function restoreSpace(json: unknown): SearchSpace {
  return spaceOf(storedSpace.parse(json));
}

/** The space that a study has searched; undefined where its functions were given. */
export function searchedSpace(json: unknown): SearchSpace | undefined {
  const { success, data } = storedSpace.safeParse(json);
  return success ? spaceOf(data) : undefined;
}

function spaceOf(stored: StoredSpace): SearchSpace {
  const list = (arity: 1 | 2, primitives: StoredSpace['unary']): Primitive[] =>
    primitives.map((primitive) => ({
      arity,
      ...primitive,
      expression: readFormula(primitive.formula, { variables: arity === 1 ? ['x'] : ['x1', 'x2'] }),
    }));
  return createSearchSpace({ ...stored, unary: list(1, stored.unary), binary: list(2, stored.binary) });
}

const placeKeys = ['file', 'place', 'note', 'description'];

/** A stored space without file names and notes: what remains decides which functions it holds. */
export function withoutPlaces(stored: unknown): unknown {
  return JSON.parse(JSON.stringify(stored, (key, value) => (placeKeys.includes(key) ? undefined : value)));
}
