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
  type TensorId,
  upload,
} from '../../src/tensorflow.ts';

interface Sizes {
  readonly batch: number;
  readonly height: number;
  readonly width: number;
  readonly inputs: number;
  readonly outputs: number;
  /** 3 and 1 if not given. */
  readonly kernel?: number;
  readonly stride?: number;
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
  suite(`our convolution with ${instructionSet}`, () => {
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
        check(
          { batch: 1, height: other, width: side, inputs: side + 15, outputs: 16 + random.index(40) },
          random,
        );
      }
      for (const channels of [1, 3, 4, 7, 8, 15, 16, 17, 31, 32, 33, 48, 63, 64, 65, 80, 130]) {
        for (const others of [2, 16]) {
          check({ batch: 1, height: 5, width: 4, inputs: channels, outputs: others }, random);
          check({ batch: 1, height: 3, width: 6, inputs: others, outputs: channels }, random);
        }
      }
    });

    test('agrees with float64 for kernels and strides of any size', () => {
      addon.chooseInstructionSet(instructionSet);
      const random = Random.fromSeed('kernels');
      for (const [kernel, stride] of [
        [1, 1],
        [1, 2],
        [3, 1],
        [3, 2],
        [5, 1],
        [5, 2],
        [7, 3],
        [1, 3],
      ] as const) {
        for (let side = 1; side <= 9; side++) {
          const [inputs, outputs] = [
            [1, 17],
            [3, 16],
            [16, 3],
            [17, 1],
            [16, 16],
          ][side % 5] as [number, number];
          const sizes = { batch: 1 + (side % 3), height: side, width: 1 + random.index(9), inputs, outputs };
          check({ ...sizes, kernel, stride }, random);
        }
      }
    });

    test('agrees with float64 where the images come in several groups', () => {
      addon.chooseInstructionSet(instructionSet);
      const random = Random.fromSeed('batches');
      const small = { batch: 128, inputs: 16, outputs: 32, kernel: 3, stride: 2 };
      check({ ...small, height: 8, width: 8 }, random);
      check({ ...small, height: 4, width: 4 }, random);
      check({ ...small, height: 2, width: 2, inputs: 32, stride: 1 }, random);
      check({ ...small, height: 1, width: 1, batch: 300, kernel: 1 }, random);
      check({ ...small, height: 9, width: 7, batch: 130, inputs: 3, outputs: 16, stride: 1 }, random);
      check({ ...small, height: 8, width: 8, batch: 130, outputs: 5, kernel: 1, stride: 1 }, random);
    });

    test('agrees with float64 where the tiles come in several groups', () => {
      addon.chooseInstructionSet(instructionSet);
      const random = Random.fromSeed('groups');
      // 1,215 tiles: 18 groups of 64 and a rest; sums are added up after 16.
      check({ batch: 15, height: 33, width: 35, inputs: 16, outputs: 16 }, random);
      check({ batch: 70, height: 8, width: 8, inputs: 16, outputs: 16 }, random);
    });

    test('NaN and infinity reach the outputs that depend on them, and no other image', () => {
      addon.chooseInstructionSet(instructionSet);
      for (const inputs of [3, 16]) {
        const sizes = { batch: 3, height: 8, width: 8, inputs, outputs: 16 };
        for (const bad of [Number.NaN, Number.POSITIVE_INFINITY]) {
          const given = operands(sizes, Random.fromSeed('not finite'));
          const image = 8 * 8 * 16;
          given.x[(8 * 8 + 5) * inputs] = bad;
          const { y } = run(sizes, given);
          const finite = (index: number) =>
            y.slice(index * image, (index + 1) * image).every(Number.isFinite);
          assert.deepEqual([0, 1, 2].map(finite), [true, false, true]);
          for (const column of [4, 5, 6])
            assert.ok(!Number.isFinite(y[image + column * 16]), `column ${column}`);
        }
      }
    });

    test('the same operands give the same bits', () => {
      addon.chooseInstructionSet(instructionSet);
      for (const stride of [1, 2]) {
        const sizes = { batch: 40, height: 16, width: 16, inputs: 19, outputs: 33, stride };
        const given = operands(sizes, Random.fromSeed('bits'));
        const first = run(sizes, given);
        run({ ...sizes, batch: 1 }, operands({ ...sizes, batch: 1 }, Random.fromSeed('in between')));
        assert.deepEqual(run(sizes, given), first);
      }
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
    const [image, filter] = [zeros(1, 4, 4, 2), zeros(3, 3, 2, 3)];
    const refused = (name: string, operands: TensorId[], message: RegExp, stride = 1) =>
      assert.throws(() => own(name, operands, stride), message);
    const square = /the filter must be \[kernel, kernel, inputs, outputs\], the kernel odd/;
    for (const sides of [
      [3, 5],
      [2, 2],
    ] as const)
      refused('', [image, zeros(...sides, 2, 3)], square);
    refused('', [image, zeros(3, 3, 4, 3)], /input 0 has shape \[1,4,4,2\], not \[1,4,4,4\]/);
    refused('', [zeros(4, 4), filter], /images must be \[batch, height, width, channels\]/);
    refused('', [image, filter], /stride.*at least minimum 1/, 0);
    for (const gradient of ['InputGradient', 'FilterGradient']) {
      refused(gradient, [image, filter, zeros(1, 4, 5, 3)], /not \[1,4,4,3\]/);
      refused(gradient, [image, filter, zeros(1, 4, 4, 3)], /not \[1,2,2,3\]/, 2);
    }
  });
});

for (const [kernel, stride] of [
  [3, 1],
  [3, 2],
  [1, 1],
  [1, 2],
  [5, 2],
] as const) {
  test(`it is TensorFlow's ${kernel}x${kernel} convolution of stride ${stride}, within the rounding of float32`, () => {
    for (const [height, width] of [
      [16, 16],
      [8, 8],
      [7, 4],
      [2, 2],
    ] as const) {
      const sizes = { batch: 8, height, width, inputs: 32, outputs: 33, kernel, stride };
      const given = operands(sizes, Random.fromSeed('tensorflow'));
      near(run(sizes, given), tensorflows(sizes, given), scales(sizes, given));
    }
  });
}

function tensorflows(sizes: Sizes, given: Operands): Results {
  return inScope(() => {
    const { stride = 1 } = sizes;
    const { x, filter, dy } = uploaded(sizes, given);
    const attributes = [
      attribute.ints('strides', [1, stride, stride, 1]),
      attribute.string('padding', 'SAME'),
    ];
    return {
      y: download(execute('Conv2D', [x, filter], attributes)),
      dx: download(execute('Conv2DBackpropInput', [execute('Shape', [x]), filter, dy], attributes)),
      dFilter: download(execute('Conv2DBackpropFilter', [x, execute('Shape', [filter]), dy], attributes)),
    };
  });
}

function shapesOf({ batch, height, width, inputs, outputs, kernel = 3, stride = 1 }: Sizes) {
  return {
    x: [batch, height, width, inputs],
    filter: [kernel, kernel, inputs, outputs],
    dy: [batch, Math.ceil(height / stride), Math.ceil(width / stride), outputs],
  };
}

function operands(sizes: Sizes, random: Random) {
  const { x, filter, dy } = shapesOf(sizes);
  const normals = (shape: number[]) => Float32Array.from({ length: count(shape) }, () => random.normal());
  return { x: normals(x), filter: normals(filter), dy: normals(dy) };
}

type Operands = ReturnType<typeof operands>;

function uploaded(sizes: Sizes, given: Operands) {
  const { x, filter, dy } = shapesOf(sizes);
  return { x: upload(given.x, x), filter: upload(given.filter, filter), dy: upload(given.dy, dy) };
}

function own(name: string, inputs: TensorId[], stride = 1): TensorId {
  return execute(`ActivationSearchConvolution${name}`, inputs, [attribute.int('stride', stride)]);
}

function run(sizes: Sizes, given: Operands) {
  return inScope(() => {
    const { x, filter, dy } = uploaded(sizes, given);
    return {
      y: download(own('', [x, filter], sizes.stride)),
      dx: download(own('InputGradient', [x, filter, dy], sizes.stride)),
      dFilter: download(own('FilterGradient', [x, filter, dy], sizes.stride)),
    };
  });
}

function check(sizes: Sizes, random: Random): void {
  const given = operands(sizes, random);
  near(run(sizes, given), reference(sizes, given), scales(sizes, given), JSON.stringify(sizes));
}

/** The definition, in float64. */
function reference(sizes: Sizes, { x, filter, dy }: Operands): Results {
  const { batch, height, width, inputs, outputs, kernel = 3, stride = 1 } = sizes;
  const [y, dx, dFilter] = [dy, x, filter].map(({ length }) => new Float64Array(length)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const [, rows, columns] = shapesOf(sizes).dy as [number, number, number, number];
  const before = (size: number, made: number) =>
    Math.floor(Math.max(0, (made - 1) * stride + kernel - size) / 2);
  const [above, left] = [before(height, rows), before(width, columns)];
  for (let image = 0; image < batch; image++) {
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        const to = ((image * rows + row) * columns + column) * outputs;
        for (let place = 0; place < kernel * kernel; place++) {
          const i = row * stride + Math.floor(place / kernel) - above;
          const j = column * stride + (place % kernel) - left;
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
