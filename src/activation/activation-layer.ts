import { parse, print } from '../expression/notation.ts';
import { release, type TensorId, tfjs, tfjsTensor, tfjsTensorId } from '../tensorflow.ts';
import type { Activation, ActivationBackend } from './activation.ts';
import { compileActivation } from './compile.ts';
import { chooseBackend } from './usual-backend.ts';

type Tfjs = ReturnType<typeof tfjs>;
type Tensor = ReturnType<Tfjs['tensor']>;
type Layer = InstanceType<Tfjs['layers']['Layer']>;
type Variable = ReturnType<Layer['addWeight']>;

export interface ActivationLayerOptions {
  /** The layer's name in its model. */
  readonly name?: string;
  /** How it is computed; the fused kernel where it was built. */
  readonly backend?: ActivationBackend;
}

/**
 * A formula as a layer for tfjs-layers models. Its parameters are trainable, one value per channel of the
 * last axis, and start at the formula's initial values. Models that contain it save and load; a program that
 * only loads one calls `registerActivationLayer` before.
 *
 * The layer computes float32 tensors of at least two axes. Throws where the formula does not parse or does
 * not depend on x.
 */
export function activationLayer(formula: string, options: ActivationLayerOptions = {}): Layer {
  const LayerClass = layerClass();
  return new LayerClass({ formula, ...options });
}

/**
 * Makes the layer's class known to tfjs, so that `tf.loadLayersModel` loads models that contain such layers.
 * The first call of `activationLayer` does it, too.
 */
export function registerActivationLayer(): void {
  layerClass();
}

interface LayerConfig extends ActivationLayerOptions {
  readonly formula: string;
}

let registered: (new (config: LayerConfig) => Layer) | undefined;

/** Made at first use, because it extends a class of TensorFlow's module, which takes a second to load. */
function layerClass(): new (config: LayerConfig) => Layer {
  registered ??= defineLayer(tfjs());
  return registered;
}

function defineLayer(tf: Tfjs): new (config: LayerConfig) => Layer {
  class ActivationSearchLayer extends tf.layers.Layer {
    static className = 'ActivationSearchLayer';
    readonly #formula: string;
    readonly #activation: Activation;
    #parameters: readonly Variable[] = [];

    constructor({ formula, backend, ...config }: LayerConfig) {
      super({ ...config });
      const expression = parse(formula);
      this.#formula = print(expression);
      this.#activation = compileActivation(expression, chooseBackend(backend));
      this.supportsMasking = true;
    }

    override build(inputShape: number[]): void {
      const channels = inputShape.at(-1) as number;
      this.#parameters = this.#activation.parameters.map(({ name, initial }) =>
        this.addWeight(name, [channels], 'float32', tf.initializers.constant({ value: initial })),
      );
      this.built = true;
    }

    override computeOutputShape(inputShape: number[]): number[] {
      return inputShape;
    }

    override call(inputs: Tensor | Tensor[]): Tensor {
      const x = Array.isArray(inputs) ? (inputs[0] as Tensor) : inputs;
      return apply(
        tf,
        this.#activation,
        x,
        this.#parameters.map((one) => one.read()),
      );
    }

    override getConfig(): ReturnType<Layer['getConfig']> {
      return { ...super.getConfig(), formula: this.#formula };
    }
  }
  tf.serialization.registerClass(ActivationSearchLayer);
  return ActivationSearchLayer;
}

/** The activation as one tfjs operation with a gradient of its own. */
function apply(tf: Tfjs, activation: Activation, x: Tensor, parameters: readonly Tensor[]): Tensor {
  const operation = tf.customGrad((...given: (Tensor | ((tensors: Tensor[]) => void))[]) => {
    const save = given.at(-1) as (tensors: Tensor[]) => void;
    const inputs = given.slice(0, -1) as Tensor[];
    const [x, ...parameters] = inputs.map(tfjsTensorId) as [TensorId, ...TensorId[]];
    const { y } = activation.forward(x, parameters, false);
    save(inputs);
    const gradFunc = (dy: Tensor, saved: Tensor[]): Tensor[] => gradients(activation, dy, saved);
    return { value: tfjsTensor(y, (inputs[0] as Tensor).shape), gradFunc };
  });
  return operation(x, ...parameters);
}

/** Gradients by x and by each parameter. What the forward pass would have saved is computed again. */
function gradients(activation: Activation, dy: Tensor, inputs: readonly Tensor[]): Tensor[] {
  const [x, ...parameters] = inputs.map(tfjsTensorId) as [TensorId, ...TensorId[]];
  const { y, saved } = activation.forward(x, parameters, true);
  release(y);
  const { dx, dParameters } = activation.backward(saved, parameters, tfjsTensorId(dy));
  for (const id of saved) release(id);
  return [dx, ...dParameters].map((id, index) => tfjsTensor(id, (inputs[index] as Tensor).shape));
}
