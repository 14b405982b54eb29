import { mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Logger, pino } from 'pino';
import { ActivationSearchError } from './errors.ts';

export type { Logger };

/**
 * The logger of one study: NDJSON lines appended to `file`, written synchronously so that no line is
 * lost when the process is killed. A disk that fills up costs lines of it, which is said once, not the study.
 */
export function fileLogger(file: string, bindings: Record<string, unknown> = {}): Logger {
  return pino({ base: bindings, timestamp: pino.stdTimeFunctions.isoTime }, new LogFile(file));
}

/** A logger that writes nothing, for tests and short commands. */
export const silentLogger: Logger = pino({ level: 'silent' });

class LogFile {
  readonly #file: string;
  readonly #descriptor: number;
  /** Whether the last line was cut, as on a full disk. */
  #cut = false;
  #hasFailed = false;

  constructor(file: string) {
    this.#file = file;
    try {
      mkdirSync(dirname(file), { recursive: true });
      this.#descriptor = openSync(file, 'a');
    } catch (cause) {
      throw new ActivationSearchError('environment', `${file} cannot be written: ${reasonOf(cause)}.`, {
        hint: 'It is a log. Allow writing there, or move what stands in its place.',
        cause,
      });
    }
  }

  write(line: string): void {
    const text = Buffer.from(this.#cut ? `\n${line}` : line);
    try {
      this.#cut = writeSync(this.#descriptor, text) < text.length;
    } catch (error) {
      if (this.#hasFailed) return;
      this.#hasFailed = true;
      process.stderr.write(`note: lines are missing from the log ${this.#file}: ${reasonOf(error)}\n`);
    }
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
