import { BinaryWriter } from '@bufbuild/protobuf/wire';
import { messageField, textField } from './protobuf.ts';

/** What TensorBoard shows of one step of a run. */
export interface TensorboardEvent {
  /** Seconds since 1970. */
  readonly wallTime: number;
  readonly step: number;
  readonly summaries: readonly TensorboardSummary[];
}

/** A value under its tag, by the board's tab that shows it. */
export type TensorboardSummary = { readonly tag: string } & (
  | { readonly kind: 'scalar'; readonly value: number }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'histogram'; readonly values: readonly number[] }
);

/** The bytes of an event file: records of TensorFlow's TFRecord format, each an Event of event.proto. */
export function encodeEvents(events: readonly TensorboardEvent[]): Uint8Array {
  const begun = events[0]?.wallTime ?? 0;
  const version = eventOf(begun, 0, (writer) => textField(writer, 3, 'brain.Event:2'));
  const bodies = events.map(({ wallTime, step, summaries }) =>
    eventOf(wallTime, step, (writer) =>
      messageField(writer, 5, (summary) => {
        for (const one of summaries) messageField(summary, 1, (value) => encodeSummary(value, one));
      }),
    ),
  );
  return Buffer.concat([version, ...bodies].map(recordOf));
}

function eventOf(wallTime: number, step: number, fill: (writer: BinaryWriter) => void): Uint8Array {
  const writer = new BinaryWriter();
  writer.tag(1, 1).double(wallTime);
  if (step !== 0) writer.tag(2, 0).int64(step);
  fill(writer);
  return writer.finish();
}

function encodeSummary(writer: BinaryWriter, summary: TensorboardSummary): void {
  textField(writer, 1, summary.tag);
  switch (summary.kind) {
    case 'scalar':
      writer.tag(2, 5).float(summary.value);
      break;
    case 'histogram':
      messageField(writer, 5, (histogram) => encodeHistogram(histogram, summary.values));
      break;
    case 'text':
      messageField(writer, 8, (tensor) => encodeText(tensor, summary.text));
      messageField(writer, 9, (metadata) =>
        messageField(metadata, 1, (plugin) => textField(plugin, 1, 'text')),
      );
  }
}

/** DT_STRING of tensorflow/core/framework/types.proto. */
const stringType = 7;

/** A tensor of one string. */
function encodeText(writer: BinaryWriter, value: string): void {
  writer.tag(1, 0).int32(stringType);
  messageField(writer, 2, (shape) => messageField(shape, 2, (dimension) => dimension.tag(1, 0).int64(1)));
  textField(writer, 8, value);
}

const mostBuckets = 30;

/** A histogram with buckets of one width; TensorBoard wants their upper ends. */
function encodeHistogram(writer: BinaryWriter, values: readonly number[]): void {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const count = least === most ? 1 : mostBuckets;
  const width = (most - least) / count;
  const buckets = new Array<number>(count).fill(0);
  for (const value of values) {
    const bucket = width === 0 ? 0 : Math.min(count - 1, Math.floor((value - least) / width));
    buckets[bucket] = (buckets[bucket] as number) + 1;
  }
  const sum = (of: (value: number) => number): number => values.reduce((total, one) => total + of(one), 0);
  const numbers = [least, most, values.length, sum((value) => value), sum((value) => value * value)];
  for (const [index, number] of numbers.entries()) writer.tag(index + 1, 1).double(number);
  messageField(writer, 6, (limits) => {
    for (const index of buckets.keys())
      limits.double(index === count - 1 ? most : least + (index + 1) * width);
  });
  messageField(writer, 7, (counts) => {
    for (const own of buckets) counts.double(own);
  });
}

/** Length, its checksum, the data and theirs. */
function recordOf(data: Uint8Array): Buffer {
  const head = Buffer.alloc(12);
  head.writeBigUInt64LE(BigInt(data.length));
  head.writeUInt32LE(maskedChecksum(head.subarray(0, 8)), 8);
  const foot = Buffer.alloc(4);
  foot.writeUInt32LE(maskedChecksum(data));
  return Buffer.concat([head, data, foot]);
}

/** CRC-32C (Castagnoli), masked as records of TensorFlow have it. */
function maskedChecksum(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (crc >>> 8) ^ (castagnoli[(crc ^ byte) & 0xff] as number);
  crc = ~crc;
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}

const castagnoli = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0x82f63b78 : 0);
  return crc;
});
