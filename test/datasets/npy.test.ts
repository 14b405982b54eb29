import assert from 'node:assert/strict';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { decodeNpy, encodeNpy, type NumpyArray } from '../../src/datasets/npy.ts';
import { readZip } from '../../src/datasets/zip-file.ts';
import { projectRoot } from '../../src/paths.ts';

// Written by NumPy: 2 x 3 x 4 numbers from 0 on (from -5 on where the type has signs, in quarters if it has
// fractions).
const assets = join(projectRoot, 'test', 'datasets', 'assets');
const counted = Array.from({ length: 24 }, (_, at) => at);

async function arrays(file: string): Promise<Map<string, Uint8Array>> {
  return readZip(join(assets, file), 1e6, (member) => member.replace(/\.npy$/, ''));
}

async function decoded(key: string): Promise<NumpyArray> {
  return decodeNpy((await arrays('arrays.npz')).get(key) as Uint8Array, key);
}

suite('arrays as NumPy writes them', () => {
  const expected: Readonly<Record<string, (at: number) => number>> = {
    b1: (at) => Math.min(at, 1),
    u: (at) => at,
    i: (at) => at - 5,
    f: (at) => (at - 5) / 4,
  };
  const types = {
    little: ['u2', 'u4', 'u8', 'i2', 'i4', 'i8', 'f2', 'f4', 'f8'],
    big: ['u2', 'u8', 'i2', 'i4', 'i8', 'f2', 'f4', 'f8'],
    plain: ['b1', 'u1', 'i1'],
  };
  for (const [order, names] of Object.entries(types)) {
    for (const name of names) {
      test(`${name} in ${order} byte order`, async () => {
        const { shape, values } = await decoded(`${order}_${name}`);
        assert.deepEqual(shape, [2, 3, 4]);
        assert.deepEqual([...values], counted.map((expected[name] ?? expected[name[0] as string]) as never));
      });
    }
  }

  test('in the order of Fortran', async () => {
    assert.deepEqual([...(await decoded('fortran_i8')).values], counted);
    assert.deepEqual([...(await decoded('fortran_f8')).values], counted.map(expected.f as never));
  });

  test('text, and a single number', async () => {
    assert.deepEqual((await decoded('text_u')).values, ['cat', 'häuschen', '犬']);
    assert.deepEqual((await decoded('text_s')).values, ['cat', 'do']);
    assert.deepEqual(await decoded('scalar'), { shape: [], values: Float64Array.of(7) });
  });

  test('half precision to its ends', async () => {
    const { values } = await decoded('special_f2');
    const least = 2 ** -24;
    assert.deepEqual([...values], [0, -0, Infinity, -Infinity, NaN, least, 65504]);
  });
});

test('Python objects, cut-off files and other files are refused by name', async () => {
  const objects = (await arrays('objects.npz')).get('x') as Uint8Array;
  assert.throws(() => decodeNpy(objects, 'x of a.npz'), /x of a\.npz holds Python objects \(pickle\)/);
  const whole = encodeNpy(Float32Array.of(1, 2), [2]);
  assert.throws(() => decodeNpy(whole.subarray(0, -1), 'x'), /x has 7 bytes of values where 2 of <f4 have 8/);
  assert.throws(() => decodeNpy(Buffer.from('PK'), 'x.npy'), /x\.npy is no NumPy file/);
});

test('whole numbers of 64 bits are read, the largest rounded', () => {
  const values = BigInt64Array.of(2n ** 53n - 1n, -5n, 2n ** 60n);
  assert.deepEqual([...decodeNpy(encodeNpy(values, [3]), 'x').values], [2 ** 53 - 1, -5, 2 ** 60]);
});

test('texts of bytes are UTF-8; where one is not, all stay as they are, and none become alike', () => {
  const decodedBytes = (...bytes: number[]) => {
    const file = encodeNpy(Uint8Array.from(bytes), [6]).toString('latin1');
    const text = file.replace("'|u1'", "'|S3'").replace('(6,)', '(2,)');
    return decodeNpy(Buffer.from(text, 'latin1'), 't').values;
  };
  assert.deepEqual(decodedBytes(0xc3, 0xa9, 0, 0x61, 0x62, 0), ['é', 'ab']);
  assert.deepEqual(decodedBytes(0xc3, 0xa9, 0, 0xe9, 0, 0), ['\u00c3\u00a9', 'é']);
});

test('texts that differ by a character of value 0 stay different', () => {
  const texts = ['a\0b', 'ab', ''];
  assert.deepEqual(decodeNpy(encodeNpy(texts, [3]), 't').values, texts);
});

test('what is written is read again', () => {
  const texts = ['a', 'häuschen', '犬'];
  assert.deepEqual(decodeNpy(encodeNpy(texts, [3]), 't'), { shape: [3], values: texts });
  const floats = Float32Array.of(1.5, -2, 0, 3, 4, 5);
  assert.deepEqual(decodeNpy(encodeNpy(floats, [3, 2]), 'f'), { shape: [3, 2], values: floats });
  const whole = decodeNpy(encodeNpy(BigInt64Array.of(1n, -2n), [2]), 'i');
  assert.deepEqual([...whole.values], [1, -2]);
  assert.equal(encodeNpy(floats, [3, 2]).indexOf('\n') % 64, 63, 'values begin at a multiple of 64 bytes');
});
