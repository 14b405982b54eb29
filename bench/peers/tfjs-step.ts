// tfjs-step.js TASK FUNCTION STEPS WARM_UP: the same networks as a user of tfjs would write them, with its
// automatic gradients and optimizers. Prints milliseconds of processor time of each training step as a JSON
// array.
import type * as Tfjs from '@tensorflow/tfjs-node';
import { tfjs } from '../../src/tensorflow.ts';
import {
  batchSize,
  type FunctionName,
  randomBatch,
  rates,
  type TaskName,
  tasks,
  timeSteps,
} from '../tasks.ts';

const [task, name, steps, warmUp] = process.argv.slice(2) as [TaskName, FunctionName, string, string];
const tf = tfjs();

type Function = (x: Tfjs.Tensor) => Tfjs.Tensor;

/** The function with its own beta for each channel. */
const functions: Readonly<Record<FunctionName, (channels: number) => Function>> = {
  relu: () => (x) => tf.relu(x),
  swish: (channels) => {
    const beta = tf.variable(tf.ones([channels]));
    return (x) => tf.mul(x, tf.sigmoid(tf.mul(beta, x)));
  },
  'two units': (channels) => {
    const beta = tf.variable(tf.ones([channels]));
    return (x) =>
      tf.mul(
        tf.maximum(tf.tanh(x), tf.sin(x)),
        tf.sigmoid(tf.add(tf.mul(beta, x), tf.exp(tf.neg(tf.square(x))))),
      );
  },
};
const activation = functions[name];

const model = task === 'mlp' ? mlp(20, 64) : resnet();
const optimizer = task === 'mlp' ? tf.train.adam(rates.mlp) : tf.train.momentum(rates.resnet, 0.9);
const { images, labels } = randomBatch(tasks[task]);
const { height, width, channels } = tasks[task].input;
const x =
  task === 'mlp'
    ? tf.tensor(images, [batchSize, height * width * channels])
    : tf.tensor(images, [batchSize, height, width, channels]);
const y = tf.oneHot([...labels], tasks[task].classes);

const step = (): void => {
  const loss = optimizer.minimize(() => tf.losses.softmaxCrossEntropy(y, model(x)).asScalar(), true);
  loss?.dataSync();
  loss?.dispose();
};
process.stdout.write(`${JSON.stringify(timeSteps(step, Number(steps), Number(warmUp)))}\n`);

function weights(shape: number[]): Tfjs.Variable {
  const fanIn = shape.slice(0, -1).reduce((product, size) => product * size, 1);
  return tf.variable(tf.randomNormal(shape, 0, Math.sqrt(2 / fanIn), 'float32', 1));
}

function dense(inputs: number, units: number): Function {
  const kernel = weights([inputs, units]);
  const bias = tf.variable(tf.zeros([units]));
  return (h) => tf.add(tf.matMul(h, kernel), bias);
}

function mlp(depth: number, units: number): Function {
  const layers: Function[] = [];
  for (let index = 0; index < depth; index++) {
    layers.push(dense(index === 0 ? 784 : units, units), activation(units));
  }
  layers.push(dense(units, 10));
  return (input) => layers.reduce((h, layer) => layer(h), input);
}

function convolution(inputs: number, outputs: number, kernel: number, stride: number): Function {
  const filter = weights([kernel, kernel, inputs, outputs]) as unknown as Tfjs.Tensor4D;
  return (h) => tf.conv2d(h as Tfjs.Tensor4D, filter, stride, 'same');
}

function batchNormalization(size: number): Function {
  const scale = tf.variable(tf.ones([size])) as unknown as Tfjs.Tensor1D;
  const offset = tf.variable(tf.zeros([size])) as unknown as Tfjs.Tensor1D;
  return (h) => {
    const { mean, variance } = tf.moments(h, [0, 1, 2]);
    return tf.batchNorm(
      h as Tfjs.Tensor4D,
      mean as Tfjs.Tensor1D,
      variance as Tfjs.Tensor1D,
      offset,
      scale,
      1e-5,
    );
  };
}

function resnet(): Function {
  const layers: Function[] = [convolution(3, 16, 3, 1), batchNormalization(16), activation(16)];
  let inputs = 16;
  for (const outputs of [16, 32, 64]) {
    for (let block = 0; block < 3; block++) {
      layers.push(basicBlock(inputs, outputs, outputs > 16 && block === 0 ? 2 : 1));
      inputs = outputs;
    }
  }
  const classes = dense(64, 10);
  return (input) =>
    classes(
      tf.mean(
        layers.reduce((h, layer) => layer(h), input),
        [1, 2],
      ),
    );
}

function basicBlock(inputs: number, outputs: number, stride: number): Function {
  const branch = [
    convolution(inputs, outputs, 3, stride),
    batchNormalization(outputs),
    activation(outputs),
    convolution(outputs, outputs, 3, 1),
    batchNormalization(outputs),
  ];
  const shortcut: Function = stride > 1 ? convolution(inputs, outputs, 1, stride) : (h) => h;
  const last = activation(outputs);
  return (h) =>
    last(
      tf.add(
        branch.reduce((value, layer) => layer(value), h),
        shortcut(h),
      ),
    );
}
