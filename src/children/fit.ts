import type { ImageShape } from '../datasets/dataset.ts';
import { datasetNames, datasetStatus } from '../datasets/datasets.ts';
import { suggestion } from '../errors.ts';
import { modelMisfit } from '../network/models.ts';
import type { PlaceOf } from '../schema-problems.ts';
import type { Problem, YamlPath } from '../yaml-file.ts';
import type { ChildRecipe } from './recipe.ts';

/** What enters the network of a recipe: the data set's images, pooled. */
export function inputShape({ dataset, pooling }: Pick<ChildRecipe, 'dataset' | 'pooling'>): ImageShape {
  const { height, width, ...rest } = datasetStatus(dataset).shape;
  return { ...rest, height: Math.floor(height / pooling), width: Math.floor(width / pooling) };
}

/** Why a recipe cannot be trained whatever its schema says: its data set is unknown, or its model cannot take the data. */
export function fitProblems(recipe: ChildRecipe, placeOf: PlaceOf): Problem[] {
  const { dataset, pooling, model, augmentation } = recipe;
  const at = (path: YamlPath, message: string, hint: string): Problem[] => [
    { message, hint, place: placeOf(path) ?? {} },
  ];
  if (!datasetNames.includes(dataset)) {
    return at(['dataset'], `unknown data set "${dataset}".`, suggestion(dataset, datasetNames));
  }
  const { height, width } = datasetStatus(dataset).shape;
  const images = `${dataset} has images of ${height} x ${width}`;
  const size = inputShape(recipe);
  const smallest = Math.min(size.height, size.width);
  if (smallest < 1) {
    return at(
      ['pooling'],
      `pooling ${pooling} leaves nothing of the data: ${images}.`,
      'Give a smaller number.',
    );
  }
  const misfit = modelMisfit(model, size);
  if (misfit) {
    const message = `the model does not fit the data: ${misfit.message} (${images}, pooling ${pooling}).`;
    return at(
      ['model', misfit.option],
      message,
      `Give the model another ${misfit.option}, or another data set.`,
    );
  }
  if (augmentation.shift < smallest) return [];
  const message = `shift ${augmentation.shift} moves images of ${size.height} x ${size.width} out of sight.`;
  return at(['augmentation', 'shift'], message, `Give at most ${smallest - 1}.`);
}
