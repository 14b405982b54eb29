import type { DataShape } from '../datasets/dataset.ts';
import { datasetNames, datasetStatus } from '../datasets/datasets.ts';
import { ActivationSearchError, suggestion } from '../errors.ts';
import { modelMisfit } from '../network/models.ts';
import type { PlaceOf } from '../schema-problems.ts';
import type { Problem, YamlPath } from '../yaml-file.ts';
import type { NetworkRecipe } from './recipe.ts';

/**
 * What enters the network of a recipe: the data set's examples, images pooled. Refuses a data set that is
 * damaged.
 */
export function inputShape({ dataset, pooling }: Pick<NetworkRecipe, 'dataset' | 'pooling'>): DataShape {
  const { shape, problem } = datasetStatus(dataset);
  if (shape === undefined) throw new ActivationSearchError('dataset', problem ?? `${dataset} is not here.`);
  return pooled(shape, pooling);
}

function pooled({ height, width, ...rest }: DataShape, pooling: number): DataShape {
  return { ...rest, height: Math.floor(height / pooling), width: Math.floor(width / pooling) };
}

/**
 * Why a recipe cannot be trained whatever its schema says: its data set is unknown, or does not fit the rest
 * of it.
 */
export function fitProblems(recipe: NetworkRecipe, placeOf: PlaceOf): Problem[] {
  const { dataset, pooling, model, augmentation } = recipe;
  const at = (path: YamlPath, message: string, hint: string): Problem[] => [
    { message, hint, place: placeOf(path) ?? {} },
  ];
  if (!datasetNames().includes(dataset)) {
    const own = 'Data of your own are imported first: npx activation-search data import NAME PATH';
    return at(['dataset'], `unknown data set "${dataset}".`, `${suggestion(dataset, datasetNames())} ${own}`);
  }
  const { shape } = datasetStatus(dataset);
  // Of a damaged file the shape is not known; it is refused when the data are wanted.
  if (shape === undefined) return [];
  const { kind, height, width, channels } = shape;
  const holds =
    kind === 'images'
      ? `${dataset} has images of ${height} x ${width}`
      : `${dataset} has rows of ${channels} numbers`;
  const ofImages = ([['pooling'], ['augmentation', 'mirror'], ['augmentation', 'shift']] as const).filter(
    (path) => isUsed(recipe, path),
  );
  if (kind === 'features' && ofImages[0] !== undefined) {
    return at(ofImages[0], `${ofImages[0].at(-1)} is for images: ${holds}.`, 'Leave it out.');
  }
  const size = pooled(shape, pooling);
  const smallest = Math.min(size.height, size.width);
  if (smallest < 1) {
    return at(
      ['pooling'],
      `pooling ${pooling} leaves nothing of the data: ${holds}.`,
      'Give a smaller number.',
    );
  }
  const misfit = modelMisfit(model, size);
  if (misfit) {
    const { option, message } = misfit;
    const where = kind === 'images' ? `${holds}, pooling ${pooling}` : holds;
    return at(
      ['model', option],
      `the model does not fit the data: ${message} (${where}).`,
      `Give the model another ${option}, or another data set.`,
    );
  }
  if (kind === 'features' || augmentation.shift < smallest) return [];
  const message = `shift ${augmentation.shift} moves images of ${size.height} x ${size.width} out of sight.`;
  return at(['augmentation', 'shift'], message, `Give at most ${smallest - 1}.`);
}

function isUsed({ pooling, augmentation }: NetworkRecipe, [key, part]: readonly string[]): boolean {
  if (key === 'pooling') return pooling > 1;
  return part === 'mirror' ? augmentation.mirror : augmentation.shift > 0;
}
