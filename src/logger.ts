import { type Logger, pino } from 'pino';

export type { Logger };

/**
 * The logger of one study: NDJSON lines appended to `file`, written synchronously so that no line is
 * lost when the process is killed.
 */
export function fileLogger(file: string, bindings: Record<string, unknown> = {}): Logger {
  const destination = pino.destination({ dest: file, append: true, mkdir: true, sync: true });
  return pino({ base: bindings, timestamp: pino.stdTimeFunctions.isoTime }, destination);
}

/** A logger that writes nothing, for tests and short commands. */
export const silentLogger: Logger = pino({ level: 'silent' });
