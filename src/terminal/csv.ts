import { stringify } from 'csv-stringify/sync';

/** A value of a table; blobs are bytes. */
export type Cell = string | number | bigint | boolean | null | Buffer;

/** Rows as RFC 4180 CSV; null is an empty field, a blob hexadecimal text. */
export function csvText(rows: readonly (readonly Cell[])[]): string {
  return stringify(rows as Cell[][], {
    record_delimiter: 'windows',
    quoted_match: /[\r\n]/,
    cast: { boolean: String, object: cellText },
  });
}

/** A value as plain text. */
export function cellText(value: unknown): string {
  return Buffer.isBuffer(value) ? value.toString('hex') : String(value);
}
