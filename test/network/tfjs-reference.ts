import type * as Tfjs from '@tensorflow/tfjs-node';
import type { Expression } from '../../src/expression/expression.ts';
import { fold } from '../../src/expression/expression.ts';
import type { OperatorName } from '../../src/expression/operators.ts';
import { tfjs } from '../../src/tensorflow.ts';

type Tensor = Tfjs.Tensor;

/** The operators that the tests of networks use, as tfjs functions whose gradients tfjs works out. */
const tfjsOperators: Partial<
  Record<OperatorName, (tf: ReturnType<typeof tfjs>, a: Tensor, b: Tensor) => Tensor>
> = {
  add: (tf, a, b) => tf.add(a, b),
  sub: (tf, a, b) => tf.sub(a, b),
  mul: (tf, a, b) => tf.mul(a, b),
  neg: (tf, a) => tf.neg(a),
  square: (tf, a) => tf.square(a),
  exp: (tf, a) => tf.exp(a),
  sin: (tf, a) => tf.sin(a),
  tanh: (tf, a) => tf.tanh(a),
  sigmoid: (tf, a) => tf.sigmoid(a),
  max: (tf, a, b) => tf.maximum(a, b),
  min: (tf, a, b) => tf.minimum(a, b),
};

export function applyExpression(
  expression: Expression,
  x: Tensor,
  parameters: Readonly<Record<string, Tensor>>,
): Tensor {
  const tf = tfjs();
  return fold<Tensor>(expression, {
    number: ({ value }) => tf.scalar(value),
    variable: () => x,
    parameter: ({ name }) => parameters[name] as Tensor,
    call: ({ operator }, [a, b]) => {
      const row = tfjsOperators[operator];
      if (!row) throw new Error(`${operator} is not among the operators of this test`);
      return row(tf, a as Tensor, b as Tensor);
    },
  });
}

/** Training-mode batch normalization of [batch, height, width, channels] from tfjs-core's own operations. */
export function normalize(x: Tensor, scale: Tensor, offset: Tensor): Tensor {
  const tf = tfjs();
  const { mean, variance } = tf.moments(x, [0, 1, 2]);
  return tf.batchNorm(
    x as Tfjs.Tensor4D,
    mean as Tfjs.Tensor1D,
    variance as Tfjs.Tensor1D,
    offset as Tfjs.Tensor1D,
    scale as Tfjs.Tensor1D,
    1e-5,
  );
}

export interface ReferenceNetwork {
  readonly expression: Expression;
  /** All parameters by the names that the network gives them. */
  readonly values: ReadonlyMap<string, Tensor>;
  readonly labels: Int32Array;
  readonly classes: number;
}

/** Mean cross-entropy of a residual network, written once more and plainly in tfjs-core. */
export function resnetLoss(network: ReferenceNetwork, images: Tensor, depth: number): Tfjs.Scalar {
  const tf = tfjs();
  const value = (name: string): Tensor => {
    const found = network.values.get(name);
    if (!found) throw new Error(`there is no parameter ${name}`);
    return found;
  };
  const act = (x: Tensor, name: string) => activate(network, x, name);
  const conv = (x: Tensor, name: string, stride: number) =>
    tf.conv2d(x as Tfjs.Tensor4D, value(`${name}/weights`) as Tfjs.Tensor4D, stride, 'same');
  const norm = (x: Tensor, name: string) => normalize(x, value(`${name}/scale`), value(`${name}/offset`));
  let h = act(norm(conv(images, 'stem', 1), 'stem'), 'stem');
  for (let stage = 1; stage <= 3; stage++) {
    for (let block = 1; block <= (depth - 2) / 6; block++) {
      const name = `stage-${stage}/block-${block}`;
      const stride = stage > 1 && block === 1 ? 2 : 1;
      const first = act(norm(conv(h, `${name}/first`, stride), `${name}/first`), `${name}/first`);
      const second = norm(conv(first, `${name}/second`, 1), `${name}/second`);
      const beside = stride > 1 ? conv(h, `${name}/shortcut`, stride) : h;
      h = act(tf.add(second, beside), `${name}/sum`);
    }
  }
  return classify(network, tf.mean(h, [1, 2]));
}

/** Mean cross-entropy of a plain network. */
export function mlpLoss(network: ReferenceNetwork, images: Tensor, depth: number): Tfjs.Scalar {
  const tf = tfjs();
  let h = images;
  for (let index = 1; index <= depth; index++) {
    const name = `hidden-${index}`;
    const weights = network.values.get(`${name}/weights`) as Tensor;
    h = activate(network, tf.add(tf.matMul(h, weights), network.values.get(`${name}/bias`) as Tensor), name);
  }
  return classify(network, h);
}

function activate({ expression, values }: ReferenceNetwork, x: Tensor, name: string): Tensor {
  const own = [...values].filter(([key]) => key.startsWith(`${name}/`));
  const parameters = Object.fromEntries(own.map(([key, tensor]) => [key.slice(name.length + 1), tensor]));
  return applyExpression(expression, x, parameters);
}

function classify({ values, labels, classes }: ReferenceNetwork, features: Tensor): Tfjs.Scalar {
  const tf = tfjs();
  const [weights, bias] = [values.get('classes/weights') as Tensor, values.get('classes/bias') as Tensor];
  const logits = tf.add(tf.matMul(features, weights), bias);
  return tf.losses.softmaxCrossEntropy(tf.oneHot([...labels], classes), logits).asScalar();
}
