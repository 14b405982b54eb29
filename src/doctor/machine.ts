import { readFileSync, statfsSync } from 'node:fs';
import { availableParallelism, cpus, freemem, release, totalmem } from 'node:os';

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
    vectorFlags: vectorFlags(),
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

function vectorFlags(): string[] {
  try {
    const line = /^(?:flags|Features)\s*:\s*(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1] ?? '';
    return line
      .split(' ')
      .filter((flag) => /^(sse4|avx|fma|amx|asimd|sve|bf16)/.test(flag))
      .sort();
  } catch {
    return [];
  }
}
