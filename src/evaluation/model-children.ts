import { loadChild, shippedChild, shippedChildNames } from '../children/load.ts';
import { type Child, isNetwork, type NetworkChild } from '../children/recipe.ts';
import { ActivationSearchError, suggestion } from '../errors.ts';

/** A child as a study's settings take it: the name of one that ships, or a whole recipe. */
export type ModelChild = string | Child;

/**
 * The children that train models on a data set. A model is the first part of a child's name, such as resnet8
 * of resnet8-cifar10, the whole name, or the file of a recipe. On another data set a child is trained by the
 * same recipe, under the name of both.
 */
export function modelChildren(models: readonly string[], dataset: string): readonly ModelChild[] {
  const ships = shippedChildNames().map(shippedChild);
  return models.map((model) => {
    const own = `${model}-${dataset}`;
    if (ships.some(({ name }) => name === own)) return own;
    const child = childOf(model, ships);
    if (!isNetwork(child) || child.dataset === dataset) return model;
    return { ...child, name: `${modelOf(child)}-${dataset}`, dataset };
  });
}

/** The child of a model among those that ship, for any data set, or of a file. */
function childOf(model: string, ships: readonly NetworkChild[]): Child {
  const child = ships.find((one) => one.name === model || modelOf(one) === model);
  if (child) return child;
  if (model.includes('/') || model.endsWith('.yaml')) return loadChild(model).child;
  throw new ActivationSearchError('usage', `there is no model "${model}".`, {
    hint: suggestion(model, [...new Set(ships.map(modelOf))]),
  });
}

/** The name without the data set that it ends with, if it does. */
function modelOf({ name, dataset }: NetworkChild): string {
  return name.endsWith(`-${dataset}`) ? name.slice(0, -dataset.length - 1) : name;
}
