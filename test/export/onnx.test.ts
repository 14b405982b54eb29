import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BinaryReader } from '@bufbuild/protobuf/wire';
import { exportFunction } from '../../src/export/targets.ts';
import { parse } from '../../src/expression/notation.ts';

/** A message as its fields: numbers, and bytes for what is embedded. */
type Fields = ReadonlyMap<number, readonly (number | Uint8Array)[]>;

function fieldsOf(bytes: Uint8Array): Fields {
  const reader = new BinaryReader(bytes);
  const fields = new Map<number, (number | Uint8Array)[]>();
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag();
    const value = type === 0 ? Number(reader.int64()) : type === 5 ? reader.float() : reader.bytes();
    fields.set(field, [...(fields.get(field) ?? []), value]);
  }
  return fields;
}

function embedded(fields: Fields, field: number): readonly Fields[] {
  return (fields.get(field) ?? []).map((bytes) => fieldsOf(bytes as Uint8Array));
}

function texts(fields: Fields | undefined, field: number): readonly string[] {
  return (fields?.get(field) ?? []).map((bytes) => Buffer.from(bytes as Uint8Array).toString());
}

function model(formula: string): Fields {
  const content = exportFunction({ expression: parse(formula), name: 'Find', notes: [] }, 'onnx');
  return fieldsOf(content as Uint8Array);
}

test('the bytes are a model of one node, a function of the own domain with its parameters', () => {
  const read = model('x*sigmoid(beta[0.5]*x) + min(x, 3)');
  assert.deepEqual(read.get(1), [11]);
  const [graph] = embedded(read, 7) as [Fields];
  const [node] = embedded(graph, 1);
  assert.deepEqual([texts(node, 1), texts(node, 2)], [['x', 'beta'], ['y']]);
  assert.deepEqual([texts(node, 4), texts(node, 7)], [['Find'], ['activation_search']]);
  const [initializer] = embedded(graph, 5);
  assert.deepEqual(texts(initializer, 8), ['beta']);
  assert.equal(Buffer.from(initializer?.get(4)?.[0] as Uint8Array).readFloatLE(0), 0.5);
  const [body] = embedded(read, 25) as [Fields];
  assert.deepEqual([texts(body, 1), texts(body, 10)], [['Find'], ['activation_search']]);
  const nodes = embedded(body, 7);
  const made = new Set(texts(body, 4));
  for (const one of nodes) {
    for (const input of texts(one, 1)) assert.ok(made.has(input), `${input} is made before it is used`);
    for (const output of texts(one, 2)) made.add(output);
  }
  assert.ok(made.has('y'));
  assert.deepEqual(
    embedded(read, 8).map((set) => [texts(set, 1)[0], set.get(2)]),
    [
      ['', [24]],
      ['activation_search', [1]],
    ],
  );
});

test('no value of the body has the name of an input, nor an input that of the output', () => {
  const [body] = embedded(model('y*x + add_1*sin(x)*mul_1 + number_2*cos(3*x)'), 25) as [Fields];
  const inputs = texts(body, 4);
  assert.deepEqual(inputs, ['x', 'y_', 'add_1', 'mul_1', 'number_2']);
  const values = embedded(body, 7).flatMap((node) => texts(node, 2));
  assert.equal(new Set([...inputs, ...values]).size, inputs.length + values.length);
});

test('a function that is a standard operator is that operator', () => {
  const operators = (formula: string) =>
    embedded((embedded(model(formula), 25) as [Fields])[0], 7).flatMap((node) => texts(node, 4));
  assert.deepEqual(operators('max(x, 0)'), ['Relu']);
  assert.deepEqual(operators('x/(1 + exp(-x))'), ['Swish']);
  assert.deepEqual(operators('0.5*x*(1 + erf(x/sqrt(2)))'), ['Gelu']);
  assert.deepEqual(operators('x*tanh(log(1 + exp(x)))'), ['Mish']);
  assert.deepEqual(operators('max(x, 0) + expm1(min(x, 0))'), ['Elu']);
  assert.ok(operators('x*sigmoid(1.1*x)').length > 1);
  assert.ok(operators('x*sigmoid(x) + (1 - |sign(x)|)').length > 1, 'it is 1 at 0');
});

test('a number that float32 cannot hold is infinite, as in training', () => {
  const read = model('min(x, 1e39) + sin(beta[1e39])');
  const [initializer] = embedded((embedded(read, 7) as [Fields])[0], 5);
  assert.equal(Buffer.from(initializer?.get(4)?.[0] as Uint8Array).readFloatLE(0), Number.POSITIVE_INFINITY);
  const nodes = embedded((embedded(read, 25) as [Fields])[0], 7);
  const numbers = nodes.flatMap((node) => embedded(node, 5).flatMap((attribute) => attribute.get(2)));
  assert.deepEqual(numbers, [Number.POSITIVE_INFINITY]);
});
