import type { BinaryWriter } from '@bufbuild/protobuf/wire';

/** Writes a string field. */
export function textField(writer: BinaryWriter, field: number, value: string): void {
  writer.tag(field, 2).string(value);
}

/** Writes an embedded message or a packed list. */
export function messageField(
  writer: BinaryWriter,
  field: number,
  fill: (writer: BinaryWriter) => void,
): void {
  writer.tag(field, 2).fork();
  fill(writer);
  writer.join();
}
