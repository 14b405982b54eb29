import { statfsSync } from 'node:fs';
import { availableParallelism, cpus, freemem, release, totalmem } from 'node:os';
import { vectorExtensions } from '../arithmetic.ts';

/** What decides how fast and, in their last bits, with what values children train here. */
export interface Machine {
  readonly system: string;
  readonly processor: string;
  /** Vector extensions that numerical kernels choose by, such as avx2, fma, avx512f. */
  readonly vectorFlags: readonly string[];
  readonly cores: number;
  readonly memoryBytes: number;
  readonly freeMemoryBytes: number;
}

export function examineMachine(): Machine {
  return {
    system: `${process.platform} ${release()} (${process.arch})`,
    processor: cpus()[0]?.model.trim() ?? process.arch,
    vectorFlags: vectorExtensions(),
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    freeMemoryBytes: freemem(),
  };
}

/** Bytes that this user may still write on the disk of an existing folder. */
export function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}
