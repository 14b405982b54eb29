import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { NetworkChild } from '../children/recipe.ts';
import type { NetworkState } from '../network/network.ts';
import { writeWholeFile } from '../whole-file.ts';
import type { Arithmetic, TrialRequest } from './protocol.ts';

/**
 * A training halfway: all that its next step depends on, except the batches, which follow from the number of
 * steps.
 */
export interface Checkpoint {
  /** The loss of each step so far. */
  readonly losses: readonly number[];
  readonly state: NetworkState;
}

/** What tells the training of a checkpoint from others: if one fact differs, so do the weights. */
export type TrainingFacts = Readonly<Record<string, unknown>>;

const formatVersion = 1;

// A file: SHA-256 of what follows, the header's length as uint32, the header as JSON, then numbers as the
// machine has them: the losses in float64, each tensor in float32.
const header = z.strictObject({
  version: z.literal(formatVersion),
  training: z.record(z.string(), z.unknown()),
  losses: z.number().int().positive(),
  steps: z.number().int().nonnegative(),
  tensors: z.array(z.strictObject({ name: z.string(), length: z.number().int().nonnegative() })),
});
const hashBytes = 32;

/**
 * Returns the facts of a training. The number of steps is left out: a training that may go on does not depend
 * on it.
 */
export function trainingFacts(
  { steps: _, summary: __, ...recipe }: NetworkChild,
  { expression, seed }: TrialRequest,
  arithmetic: Arithmetic,
): TrainingFacts {
  return { recipe, expression, seed, arithmetic };
}

/** Writes a checkpoint: whole, or, where it throws, not at all. Makes the folder. */
export function writeCheckpoint(file: string, training: TrainingFacts, { losses, state }: Checkpoint): void {
  const { steps, tensors } = state;
  const described: z.infer<typeof header> = {
    version: formatVersion,
    training,
    losses: losses.length,
    steps,
    tensors: tensors.map(({ name, values }) => ({ name, length: values.length })),
  };
  const text = Buffer.from(JSON.stringify(described));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(text.length);
  const numbers = [Float64Array.from(losses), ...tensors.map(({ values }) => values)];
  const parts = [
    length,
    text,
    ...numbers.map(({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength)),
  ];
  const content = Buffer.concat(parts);
  writeWholeFile(file, Buffer.concat([sha256(content), content]));
}

/**
 * Reads the checkpoint that a training left after `steps` steps. Throws, with the reason, if the file is
 * another one.
 */
export function readCheckpoint(file: string, training: TrainingFacts, steps: number): Checkpoint {
  const bytes = readFileSync(file);
  const content = bytes.subarray(hashBytes);
  if (content.length < 4 || !sha256(content).equals(bytes.subarray(0, hashBytes))) {
    throw new Error('it is damaged: its checksum is wrong');
  }
  const textEnd = 4 + content.readUInt32LE();
  const parsed = header.safeParse(JSON.parse(content.toString('utf8', 4, textEnd)));
  if (!parsed.success) throw new Error(`its header is not of version ${formatVersion}`);
  const found = parsed.data;
  const other = Object.keys(training).find(
    (fact) => JSON.stringify(training[fact]) !== JSON.stringify(found.training[fact]),
  );
  if (other !== undefined) throw new Error(`it is of a training with another ${other}`);
  if (found.losses !== steps) throw new Error(`it is of step ${found.losses}, not ${steps}`);
  let at = textEnd;
  // Into memory of their own: typed arrays must begin at multiples of their numbers' size.
  const take = (bytesOfNumbers: number): ArrayBuffer => {
    const taken = new Uint8Array(content.subarray(at, at + bytesOfNumbers));
    if (taken.length < bytesOfNumbers) throw new Error('it is too short');
    at += bytesOfNumbers;
    return taken.buffer;
  };
  const losses = [...new Float64Array(take(8 * steps))];
  const tensors = found.tensors.map(({ name, length }) => ({
    name,
    values: new Float32Array(take(4 * length)),
  }));
  if (at !== content.length) throw new Error('it is too long');
  return { losses, state: { steps: found.steps, tensors } };
}

function sha256(content: Buffer): Buffer {
  return createHash('sha256').update(content).digest();
}
