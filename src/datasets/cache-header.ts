import { createHash } from 'node:crypto';
import { z } from 'zod';

// Version 2, which is written: a line of the format's name, the length and the SHA-256 of a JSON text, then
// that text. Version 1: 4,096 bytes, one JSON line padded with spaces. It held images of bytes only.
const format = 'activation-search dataset 2';
const firstLine = /^activation-search dataset 2 (\d+) ([0-9a-f]{64})\n/;
const firstLineLength = 128;
const oldLength = 4096;

const count = z.number().int().positive();
const section = z.strictObject({ count: z.number().int().nonnegative(), sha256: z.string().length(64) });

const common = {
  name: z.string(),
  source: z.string(),
  height: count,
  width: count,
  channels: count,
  classes: count,
  /** So many of the training section, from its end, are for validation. */
  validationCount: count,
  train: section,
  test: section,
  mean: z.array(z.number()),
  deviation: z.array(z.number()),
};

const header = z.strictObject({
  ...common,
  kind: z.enum(['images', 'features']),
  element: z.enum(['uint8', 'float32']),
  labelBytes: z.literal([1, 2]),
  classNames: z.array(z.string()).optional(),
});
export type CacheHeader = z.infer<typeof header>;

const oldHeader = z.strictObject({ ...common, format: z.literal('activation-search dataset 1') }).transform(
  ({ format: _, ...fields }): CacheHeader => ({
    ...fields,
    kind: 'images',
    element: 'uint8',
    labelBytes: 1,
  }),
);
const signedOldHeader = z.strictObject({ sha256: z.string(), header: z.unknown() });

export function encodeHeader(fields: CacheHeader): Buffer {
  const json = Buffer.from(JSON.stringify(fields));
  return Buffer.concat([Buffer.from(`${format} ${json.length} ${hashOf(json)}\n`), json]);
}

/** The header of a file, and where its sections begin. Throws if it is not one that was written. */
export function decodeHeader(read: (from: number, length: number) => Buffer): {
  readonly header: CacheHeader;
  readonly end: number;
} {
  const start = read(0, firstLineLength).toString('latin1');
  const line = firstLine.exec(start);
  if (line) {
    const [{ length }, size, sha256] = line as unknown as [string, string, string];
    const json = read(length, Number(size));
    if (hashOf(json) !== sha256) throw new Error('its checksum is wrong');
    return { header: header.parse(JSON.parse(json.toString())), end: length + json.length };
  }
  const signed = signedOldHeader.parse(JSON.parse(read(0, oldLength).toString()));
  if (hashOf(JSON.stringify(signed.header)) !== signed.sha256) throw new Error('its checksum is wrong');
  return { header: oldHeader.parse(signed.header), end: oldLength };
}

function hashOf(text: Buffer | string): string {
  return createHash('sha256').update(text).digest('hex');
}
