import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { tensorflowVersion } from './tensorflow.ts';

/** What decides the last bits of results on this machine. */
export interface ArithmeticFacts {
  readonly tensorflow: string;
  readonly node: string;
  readonly cpu: string;
  /** Vector extensions that decide which kernels run, sorted. */
  readonly cpuFlags: readonly string[];
  readonly threads: number;
  readonly oneDnn: boolean;
  /** That of the fused kernel, where the environment chooses one; the fastest of the machine if not. */
  readonly instructionSet?: string | undefined;
}

export function arithmeticFacts(): ArithmeticFacts {
  const cpuFlags = vectorExtensions();
  return {
    tensorflow: tensorflowVersion(),
    node: process.version,
    cpu: cpus()[0]?.model.trim() ?? process.arch,
    cpuFlags,
    threads: Number(process.env.TF_NUM_INTRAOP_THREADS),
    oneDnn: oneDnnEnabled(cpuFlags, process.env.TF_ENABLE_ONEDNN_OPTS),
    ...(process.env.ACTIVATION_SEARCH_ISA ? { instructionSet: process.env.ACTIVATION_SEARCH_ISA } : {}),
  };
}

/** The processor's vector extensions, sorted; empty where the system does not tell. Loads nothing. */
export function vectorExtensions(): string[] {
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

/**
 * Whether TensorFlow uses oneDNN (core/util/util.cc, IsMKLEnabled): as its variable says, else where the
 * processor has one of these.
 */
export function oneDnnEnabled(cpuFlags: readonly string[], variable: string | undefined): boolean {
  const setting = variable?.toLowerCase();
  if (setting !== undefined && setting !== '') return setting === '1' || setting === 'true';
  return cpuFlags.some((flag) => /^(avx512_vnni|avx512_bf16|avx_vnni|amx_)/.test(flag));
}
