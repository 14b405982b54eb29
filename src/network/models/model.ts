import type { z } from 'zod';
import type { Kernels } from '../kernels.ts';
import type { Layer } from '../layers/layer.ts';
import type { Weights } from '../parameters.ts';

/** Size of one image; networks take batches as [count, height, width, channels], row by row. */
export interface ImageSize {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** What a model is built for. */
export interface ModelContext {
  readonly weights: Weights;
  readonly kernels: Kernels;
  readonly input: ImageSize;
  readonly classes: number;
}

/** A model for batches of shape [batch, ...inputShape]; its outputs are logits [batch, classes]. */
export interface Model {
  readonly inputShape: readonly number[];
  readonly body: Layer;
}

/** Why a model cannot take images of a size: which of its options is wrong, and in what. */
export interface ModelMisfit {
  readonly option: string;
  readonly message: string;
}

/** A kind of network, whose members differ in their options. */
export interface ModelFamily<Options extends z.ZodType> {
  readonly options: Options;
  /** Whether it makes use of where a value lies in an image; else any list of numbers will do. */
  readonly needsImages: boolean;
  /**
   * Whether f(x) and f(-x) train alike, and so do f and -f: everything that goes into the function is made by
   * weights whose signs are chance. Not where a shortcut adds what comes out of it to what goes into it.
   */
  readonly mirrors: boolean;
  /** Present if some images are too small for some members. */
  readonly misfit?: (
    options: z.output<Options>,
    size: Omit<ImageSize, 'channels'>,
  ) => ModelMisfit | undefined;
  readonly build: (options: z.output<Options>, context: ModelContext) => Model;
}
