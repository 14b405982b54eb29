import { isUtf8 } from 'node:buffer';
import { badData } from './examples.ts';

/** An array as NumPy stores it, its values in the order of rows (C order). */
export interface NumpyArray {
  readonly shape: readonly number[];
  readonly values: Uint8Array | Float32Array | Float64Array | readonly string[];
}

const mostCodePoint = 0x10ffff;
const magic = '\x93NUMPY';

type Read = (view: DataView, at: number, little: boolean) => number;

/** How a number of each NumPy type is read. */
const readers: Readonly<Record<string, Read>> = {
  b1: (view, at) => view.getUint8(at),
  u1: (view, at) => view.getUint8(at),
  u2: (view, at, little) => view.getUint16(at, little),
  u4: (view, at, little) => view.getUint32(at, little),
  u8: (view, at, little) => Number(view.getBigUint64(at, little)),
  i1: (view, at) => view.getInt8(at),
  i2: (view, at, little) => view.getInt16(at, little),
  i4: (view, at, little) => view.getInt32(at, little),
  i8: (view, at, little) => Number(view.getBigInt64(at, little)),
  f2: (view, at, little) => halfToNumber(view.getUint16(at, little)),
  f4: (view, at, little) => view.getFloat32(at, little),
  f8: (view, at, little) => view.getFloat64(at, little),
};

/**
 * Reads a .npy file of numbers, truth values or text, in any byte and axis order. Refuses every other one by
 * name.
 */
export function decodeNpy(bytes: Uint8Array, name: string): NumpyArray {
  const { descr, fortran, shape, start } = readDescription(bytes, name);
  const count = shape.reduce((product, size) => product * size, 1);
  const [, order = '', kind = '', size = ''] = /^([<>|=])([a-zA-Z])(\d+)$/.exec(descr) ?? [];
  const elementBytes = Number(size) * (kind === 'U' ? 4 : 1);
  const content = bytes.subarray(start);
  const read = readers[kind + size];
  if (read === undefined && kind !== 'U' && kind !== 'S') {
    const what = /O/.test(descr) ? 'Python objects (pickle)' : `NumPy type ${descr}`;
    throw badData(
      `${name} holds ${what}, which is not read.`,
      'Save it as numbers or text: numpy.savez(FILE, x=x.astype("float32"), y=y.astype("int64")).',
    );
  }
  if (content.length !== count * elementBytes) {
    throw badData(
      `${name} has ${content.length} bytes of values where ${shape.join(' x ')} of ${descr} have ${count * elementBytes}.`,
      'It may be an incomplete copy: get it again.',
    );
  }
  const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
  const values = read
    ? readNumbers(kind + size, read, view, order !== '>', count)
    : readTexts(kind, view, order !== '>', count, elementBytes, name);
  return { shape, values: fortran && shape.length > 1 ? toRowOrder(values, shape) : values };
}

/** A .npy file of bytes, float32, int64 (labels) or text. */
export function encodeNpy(
  values: Uint8Array | Float32Array | BigInt64Array | readonly string[],
  shape: readonly number[],
): Buffer {
  const [descr, content] = Array.isArray(values)
    ? encodeTexts(values as readonly string[])
    : encodeNumbers(values as Uint8Array | Float32Array | BigInt64Array);
  const sizes = `(${shape.join(', ')}${shape.length === 1 ? ',' : ''})`;
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${sizes}, }`;
  // The values begin at a multiple of 64 bytes, as the format asks for.
  const length = Math.ceil((text.length + 1 + 10) / 64) * 64 - 10;
  const head = Buffer.alloc(10);
  head.write(magic, 'latin1');
  head[6] = 1;
  head.writeUInt16LE(length, 8);
  return Buffer.concat([head, Buffer.from(`${text.padEnd(length - 1)}\n`, 'latin1'), content]);
}

interface Description {
  readonly descr: string;
  readonly fortran: boolean;
  readonly shape: readonly number[];
  readonly start: number;
}

function readDescription(bytes: Uint8Array, name: string): Description {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 70_000));
  const wide = (head[6] ?? 0) > 1;
  const start = wide ? 12 : 10;
  if (head.length < start || head.toString('latin1', 0, 6) !== magic) {
    throw badData(`${name} is no NumPy file.`, 'Write it with numpy.save or numpy.savez.');
  }
  const length = wide ? head.readUInt32LE(8) : head.readUInt16LE(8);
  const text = head.toString('utf8', start, start + length);
  const descr = /'descr':\s*'([^']+)'/.exec(text)?.[1] ?? /'descr':\s*(\[.*\])/.exec(text)?.[1];
  const shape = /'shape':\s*\(([\d,\s]*)\)/.exec(text)?.[1];
  if (descr === undefined || shape === undefined) {
    throw badData(`the header of ${name} cannot be read.`, 'Write it with numpy.save or numpy.savez.');
  }
  const sizes = shape.split(',').filter((size) => size.trim() !== '');
  return {
    descr,
    fortran: /'fortran_order':\s*True/.test(text),
    shape: sizes.map(Number),
    start: start + length,
  };
}

function readNumbers(type: string, read: Read, view: DataView, little: boolean, count: number) {
  const size = Number(type.slice(1));
  const values =
    type === 'u1' || type === 'b1'
      ? new Uint8Array(count)
      : type === 'f4' || type === 'f2'
        ? new Float32Array(count)
        : new Float64Array(count);
  for (let index = 0; index < count; index++) values[index] = read(view, index * size, little);
  return values;
}

/** Text of a fixed length, filled up with zeros: code points of four bytes (U) or bytes (S). */
function readTexts(
  kind: string,
  view: DataView,
  little: boolean,
  count: number,
  size: number,
  name: string,
): string[] {
  const step = kind === 'U' ? 4 : 1;
  const texts = Array.from({ length: count }, (_, index) => {
    let text = '';
    for (let at = index * size; at < (index + 1) * size; at += step) {
      const code = step === 4 ? view.getUint32(at, little) : view.getUint8(at);
      if (code > mostCodePoint) {
        const what = `text ${index} of ${name} has the character ${code}, which Unicode does not have.`;
        throw badData(what, 'It may be a damaged copy: get it again.');
      }
      text += String.fromCodePoint(code);
    }
    return text.replace(/\0+$/, '');
  });
  return kind === 'S' ? fromUtf8(texts) : texts;
}

/**
 * Texts of bytes, one a character, as the UTF-8 that they are written in; all as they are if one is no UTF-8,
 * so that none become alike.
 */
function fromUtf8(texts: string[]): string[] {
  const bytes = texts.map((text) => Buffer.from(text, 'latin1'));
  return bytes.every((each) => isUtf8(each)) ? bytes.map((each) => each.toString()) : texts;
}

/** IEEE 754 half precision: 1 bit of sign, 5 of exponent, 10 of fraction. */
function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** From the order in which the first axis runs fastest (Fortran) to that in which the last one does. */
function toRowOrder(values: NumpyArray['values'], shape: readonly number[]): NumpyArray['values'] {
  const ordered = values.slice() as string[] | Float64Array;
  const strides = shape.map((_, axis) => shape.slice(0, axis).reduce((product, size) => product * size, 1));
  const place = shape.map(() => 0);
  for (let index = 0; index < values.length; index++) {
    let from = 0;
    for (let axis = 0; axis < shape.length; axis++)
      from += (place[axis] as number) * (strides[axis] as number);
    ordered[index] = values[from] as never;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      place[axis] = (place[axis] as number) + 1;
      if ((place[axis] as number) < (shape[axis] as number)) break;
      place[axis] = 0;
    }
  }
  return ordered;
}

function encodeNumbers(values: Uint8Array | Float32Array | BigInt64Array): [string, Buffer] {
  const descr = values instanceof Uint8Array ? '|u1' : values instanceof Float32Array ? '<f4' : '<i8';
  return [descr, Buffer.from(values.buffer, values.byteOffset, values.byteLength)];
}

function encodeTexts(texts: readonly string[]): [string, Buffer] {
  const points = texts.map((text) => [...text].map((letter) => letter.codePointAt(0) ?? 0));
  const longest = Math.max(1, ...points.map(({ length }) => length));
  const content = Buffer.alloc(texts.length * longest * 4);
  points.forEach((letters, text) => {
    letters.forEach((code, at) => {
      content.writeUInt32LE(code, (text * longest + at) * 4);
    });
  });
  return [`<U${longest}`, content];
}
