import { z } from 'zod';
import { ActivationSearchError } from '../errors.ts';
import { densenet } from './models/densenet.ts';
import { mlp } from './models/mlp.ts';
import { mobilenet } from './models/mobilenet.ts';
import type { ImageSize, Model, ModelContext, ModelFamily, ModelMisfit } from './models/model.ts';
import { plainNetwork } from './models/plain-network.ts';
import { preActivationResnet } from './models/pre-activation-resnet.ts';
import { resnet } from './models/resnet.ts';
import { wideResnet } from './models/wide-resnet.ts';

/** All families by name. To add one: a file in models/ and its row here. */
const families = {
  mlp,
  resnet,
  plain: plainNetwork,
  'pre-activation-resnet': preActivationResnet,
  'wide-resnet': wideResnet,
  densenet,
  mobilenet,
} satisfies Record<string, Pick<ModelFamily<z.ZodType>, 'options'>>;

type FamilyOptions = (typeof families)[keyof typeof families]['options'];
export type ModelOptions = z.infer<FamilyOptions>;

export const modelOptions = z.discriminatedUnion(
  'name',
  Object.values(families).map(({ options }) => options) as [FamilyOptions, ...FamilyOptions[]],
);

/** Why a model cannot take data of a shape; undefined if it can. */
export function modelMisfit(
  options: ModelOptions,
  { kind = 'images', ...size }: Omit<ImageSize, 'channels'> & { readonly kind?: 'images' | 'features' },
): ModelMisfit | undefined {
  const { needsImages, misfit } = familyOf(options);
  if (kind === 'images') return misfit?.(options, size);
  return needsImages ? { option: 'name', message: `the model ${options.name} needs images` } : undefined;
}

/** Whether f(x), f(-x), -f(x) and -f(-x) train alike on a model. */
export function trainsMirrorsAlike(options: ModelOptions): boolean {
  return familyOf(options).mirrors;
}

export function buildModel(options: ModelOptions, context: ModelContext): Model {
  const misfit = modelMisfit(options, context.input);
  if (misfit) throw new ActivationSearchError('config', `${misfit.message}.`);
  return familyOf(options).build(options, context);
}

/** The family that options belong to, whose functions take just these options. */
function familyOf({ name }: ModelOptions): ModelFamily<typeof modelOptions> {
  return families[name] as unknown as ModelFamily<typeof modelOptions>;
}
