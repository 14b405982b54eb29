// Needs TensorFlow and the fused kernel's addon.
import assert from 'node:assert/strict';
import { after, suite, test } from 'node:test';
import { fusedAddon } from '../../src/activation/fused-addon.ts';
import { count } from '../../src/network/parameters.ts';
import { Random } from '../../src/random.ts';
import {
  attribute,
  download,
  execute,
  inScope,
  liveTensors,
  releaseConstants,
  upload,
} from '../../src/tensorflow.ts';

interface Sizes {
  readonly batch: number;
  readonly height: number;
  readonly width: number;
  readonly inputs: number;
  readonly outputs: number;
}

interface Results {
  readonly y: ArrayLike<number>;
  readonly dx: ArrayLike<number>;
  readonly dFilter: ArrayLike<number>;
}

/** Shares of the largest sum of absolute products that a result may be off by; about 2e-6 is seen. */
const tolerance = 5e-6;
const addon = fusedAddon();

for (const instructionSet of addon.instructionSets()) {
  suite(`our 3x3 convolution with ${instructionSet}`, () => {
    assert.ok(addon.chooseInstructionSet(instructionSet));
    after(() => {
      addon.chooseInstructionSet(addon.instructionSets()[0] as string);
      releaseConstants();
      assert.equal(liveTensors(), 0, 'tensors are left over');
    });

    test('agrees with float64 for images and channels of any size', () => {
      addon.chooseInstructionSet(instructionSet);
      const random = Random.fromSeed('sizes');
      for (let side = 1; side <= 13; side++) {
        const other = 1 + random.index(9);
        check({ batch: 2, height: side, width: other, inputs: 1 + random.index(20), outputs: side }, random);
        check({ batch: 1, height: other, width: side, inputs: side, outputs: 1 + random.index(40) }, random);
      }
      for (const channels of [1, 3, 4, 7, 8, 15, 16, 17, 31, 32, 33, 48, 63, 64, 65, 80, 130]) {
        check({ batch: 1, height: 5, width: 4, inputs: channels, outputs: 2 }, random);
        check({ batch: 1, height: 3, width: 6, inputs: 2, outputs: channels }, random);
      }
    });

    test('agrees with float64 where the tiles come in several groups', () => {
      addon.chooseInstructionSet(instructionSet);
      const random = Random.fromSeed('groups');
      // 1,215 tiles: 18 groups of 64 and a rest; sums are added up after 16.
      check({ batch: 15, height: 33, width: 35, inputs: 3, outputs: 2 }, random);
      check({ batch: 70, height: 8, width: 8, inputs: 16, outputs: 16 }, random);
    });

    test('NaN and infinity reach the outputs that depend on them, and no other image', () => {
      addon.chooseInstructionSet(instructionSet);
      const sizes = { batch: 3, height: 8, width: 8, inputs: 16, outputs: 16 };
      for (const bad of [Number.NaN, Number.POSITIVE_INFINITY]) {
        const given = operands(sizes, Random.fromSeed('not finite'));
        const image = 8 * 8 * 16;
        given.x[image + 5 * 16] = bad;
        const { y } = run(sizes, given);
        const finite = (index: number) => y.slice(index * image, (index + 1) * image).every(Number.isFinite);
        assert.deepEqual([0, 1, 2].map(finite), [true, false, true]);
        for (const column of [4, 5, 6])
          assert.ok(!Number.isFinite(y[image + column * 16]), `column ${column}`);
      }
    });

    test('the same operands give the same bits', () => {
      addon.chooseInstructionSet(instructionSet);
      const sizes = { batch: 40, height: 16, width: 16, inputs: 19, outputs: 33 };
      const given = operands(sizes, Random.fromSeed('bits'));
      const first = run(sizes, given);
      run({ ...sizes, batch: 1 }, operands({ ...sizes, batch: 1 }, Random.fromSeed('in between')));
      assert.deepEqual(run(sizes, given), first);
    });
  });
}

test('an empty batch gives nothing, and a gradient of zeros', () => {
  const sizes = { batch: 0, height: 4, width: 4, inputs: 2, outputs: 3 };
  const { y, dx, dFilter } = run(sizes, operands(sizes, Random.fromSeed('empty')));
  assert.deepEqual([y.length, dx.length], [0, 0]);
  assert.deepEqual([...dFilter], new Array(54).fill(0));
});

test('operands that do not fit each other are refused', () => {
  const zeros = (...shape: number[]) => upload(new Float32Array(count(shape)), shape);
  inScope(() => {
    const image = zeros(1, 4, 4, 2);
    const refused = (name: string, operands: number[], message: RegExp) =>
      assert.throws(() => execute(`ActivationSearchConvolution${name}`, operands as never), message);
    refused('', [image, zeros(5, 5, 2, 3)] as never, /the filter must be \[3, 3, inputs, outputs\]/);
    refused('', [image, zeros(3, 3, 4, 3)] as never, /input 0 has shape \[1,4,4,2\], not \[1,4,4,4\]/);
    refused(
      '',
      [zeros(4, 4), zeros(3, 3, 4, 3)] as never,
      /images must be \[batch, height, width, channels\]/,
    );
    refused('InputGradient', [image, zeros(3, 3, 2, 3)] as never, /not \[1,4,4,3\]/);
    refused('FilterGradient', [image, zeros(1, 4, 5, 3)] as never, /not \[1,4,4,3\]/);
  });
});

test("it is TensorFlow's convolution, within the rounding of float32", () => {
  const sizes = { batch: 8, height: 16, width: 16, inputs: 32, outputs: 16 };
  const given = operands(sizes, Random.fromSeed('tensorflow'));
  const ours = run(sizes, given);
  const theirs = inScope(() => {
    const { batch, height, width, inputs, outputs } = sizes;
    const x = upload(given.x, [batch, height, width, inputs]);
    const filter = upload(given.filter, [3, 3, inputs, outputs]);
    const dy = upload(given.dy, [batch, height, width, outputs]);
    const attributes = [attribute.ints('strides', [1, 1, 1, 1]), attribute.string('padding', 'SAME')];
    return {
      y: download(execute('Conv2D', [x, filter], attributes)),
      dx: download(execute('Conv2DBackpropInput', [execute('Shape', [x]), filter, dy], attributes)),
      dFilter: download(execute('Conv2DBackpropFilter', [x, execute('Shape', [filter]), dy], attributes)),
    };
  });
  near(ours, theirs, scales(sizes, given));
});

function operands({ batch, height, width, inputs, outputs }: Sizes, random: Random) {
  const normals = (...shape: number[]) => Float32Array.from({ length: count(shape) }, () => random.normal());
  return {
    x: normals(batch, height, width, inputs),
    filter: normals(3, 3, inputs, outputs),
    dy: normals(batch, height, width, outputs),
  };
}

type Operands = ReturnType<typeof operands>;

function run({ batch, height, width, inputs, outputs }: Sizes, given: Operands) {
  return inScope(() => {
    const x = upload(given.x, [batch, height, width, inputs]);
    const filter = upload(given.filter, [3, 3, inputs, outputs]);
    const dy = upload(given.dy, [batch, height, width, outputs]);
    return {
      y: download(execute('ActivationSearchConvolution', [x, filter])),
      dx: download(execute('ActivationSearchConvolutionInputGradient', [dy, filter])),
      dFilter: download(execute('ActivationSearchConvolutionFilterGradient', [x, dy])),
    };
  });
}

function check(sizes: Sizes, random: Random): void {
  const given = operands(sizes, random);
  near(run(sizes, given), reference(sizes, given), scales(sizes, given), JSON.stringify(sizes));
}

/** The definition, in float64. */
function reference({ batch, height, width, inputs, outputs }: Sizes, { x, filter, dy }: Operands): Results {
  const [y, dx, dFilter] = [dy, x, filter].map(({ length }) => new Float64Array(length)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  for (let image = 0; image < batch; image++) {
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < width; column++) {
        const to = ((image * height + row) * width + column) * outputs;
        for (let place = 0; place < 9; place++) {
          const [i, j] = [row + Math.floor(place / 3) - 1, column + (place % 3) - 1];
          if (i < 0 || j < 0 || i >= height || j >= width) continue;
          const from = ((image * height + i) * width + j) * inputs;
          for (let c = 0; c < inputs; c++) {
            for (let k = 0; k < outputs; k++) {
              const weight = (place * inputs + c) * outputs + k;
              const [value, factor, slope] = [x[from + c], filter[weight], dy[to + k]] as [
                number,
                number,
                number,
              ];
              y[to + k] = (y[to + k] as number) + value * factor;
              dx[from + c] = (dx[from + c] as number) + slope * factor;
              dFilter[weight] = (dFilter[weight] as number) + slope * value;
            }
          }
        }
      }
    }
  }
  return { y, dx, dFilter };
}

/** The largest sums of absolute products. */
function scales(sizes: Sizes, { x, filter, dy }: Operands): Record<keyof Results, number> {
  const absolute = { x: x.map(Math.abs), filter: filter.map(Math.abs), dy: dy.map(Math.abs) };
  const { y, dx, dFilter } = reference(sizes, absolute);
  const largest = (values: ArrayLike<number>) => Array.from(values).reduce((a, b) => Math.max(a, b), 0);
  return { y: largest(y), dx: largest(dx), dFilter: largest(dFilter) };
}

function near(got: Results, expected: Results, scale: Record<keyof Results, number>, where = ''): void {
  for (const name of ['y', 'dx', 'dFilter'] as const) {
    assert.equal(got[name].length, expected[name].length);
    for (let index = 0; index < got[name].length; index++) {
      const error = Math.abs((got[name][index] as number) - (expected[name][index] as number));
      if (!(error <= tolerance * scale[name])) {
        assert.fail(
          `${name}[${index}] of ${where}: ${got[name][index]}, not ${expected[name][index]} (${error / scale[name]})`,
        );
      }
    }
  }
}
