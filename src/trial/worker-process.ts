import { type ChildProcess, fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { Logger } from '../logger.ts';
import { tensorflowEnvironment } from '../tensorflow.ts';
import { type FromWorker, fromWorker, type ToWorker } from './messages.ts';
import type { TrialRequest } from './protocol.ts';

const entry = fileURLToPath(import.meta.resolve('./worker.js'));

// oneDNN's floating-point mode; absent means float32 throughout, whatever this process inherited.
const floatingPointMode = { float32: {}, fast: { TF_SET_ONEDNN_FPMATH_MODE: 'BF16' } } as const;

const shutdownMilliseconds = 3000;

export type Precision = TrialRequest['precision'];

export interface WorkerEvents {
  onMessage(message: FromWorker): void;
  /** The process has ended, for the given reason, and all its output was read. */
  onEnd(reason: string): void;
}

const keptOutput = 16 * 1024;
const mostLastWords = 2048;

/** One forked worker: its process, its last words and how long it has been silent. */
export class WorkerProcess {
  readonly precision: Precision;
  /** leaving: told to exit, takes no more trials. */
  state: 'starting' | 'idle' | 'busy' | 'leaving' = 'starting';
  /** Whether it ever said that it is ready. */
  wasReady = false;
  /** Ticks of the pool's watch since the last message. */
  silence = 0;
  readonly #process: ChildProcess;
  readonly #logger: Logger;
  #output = '';
  #verdict: string | undefined;

  constructor(precision: Precision, logger: Logger, events: WorkerEvents) {
    this.precision = precision;
    const { TF_SET_ONEDNN_FPMATH_MODE: _, ...inherited } = process.env;
    this.#process = fork(entry, [], {
      env: { ...inherited, ...tensorflowEnvironment, ...floatingPointMode[precision] },
      execArgv: [],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.#logger = logger.child({ worker: this.#process.pid });
    this.#process.stderr?.setEncoding('utf8').on('data', (text: string) => this.#hear(text));
    this.#process.on('message', (message) => {
      this.silence = 0;
      const parsed = fromWorker.safeParse(message);
      if (parsed.success) events.onMessage(parsed.data);
      else this.kill(`the worker sent what it must not: ${z.prettifyError(parsed.error)}`);
    });
    // A process that could not be started, and a channel that broke, end in `close` as well.
    this.#process.on('error', (error) => this.#hear(`${error.message}\n`));
    this.#process.on('close', (code, signal) => events.onEnd(this.#describeEnd(code, signal)));
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  send(message: ToWorker): void {
    this.silence = 0;
    // A worker that dies meanwhile is reported by `close`.
    this.#process.send(message, () => undefined);
  }

  /** Lets an idle worker exit, and kills it where it does not. */
  retire(): void {
    this.state = 'leaving';
    this.send({ kind: 'shutdown' });
    const timer = setTimeout(() => this.kill(), shutdownMilliseconds);
    this.#process.once('close', () => clearTimeout(timer));
  }

  /** Ends the process at once; `verdict` becomes the reason where given. */
  kill(verdict?: string): void {
    this.#verdict ??= verdict;
    this.#process.kill('SIGKILL');
  }

  /** Resident bytes; 0 where the system does not tell. */
  memory(): number {
    try {
      const status = readFileSync(`/proc/${this.pid}/status`, 'latin1');
      return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024;
    } catch {
      return 0;
    }
  }

  #hear(text: string): void {
    this.#output = (this.#output + text).slice(-keptOutput);
    this.#logger.warn({ output: text.trimEnd() }, 'worker output');
  }

  #describeEnd(code: number | null, signal: NodeJS.Signals | null): string {
    const how =
      this.#verdict ??
      (signal ? `the worker was killed by ${signal}` : `the worker exited with code ${code}`);
    const words = lastWords(this.#output);
    return words ? `${how}; its last words: ${words}` : how;
  }
}

/** The end of what a process wrote, without the addresses that V8 prints after the message that matters. */
function lastWords(output: string): string {
  const lines = output
    .split('\n')
    .filter((line) => !/^\s*\d+: 0x[0-9a-f]+ |^-+ .*stack trace.* -+$/i.test(line));
  return lines.join('\n').trim().slice(-mostLastWords);
}
