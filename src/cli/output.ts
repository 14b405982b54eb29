import { ActivationSearchError } from '../errors.ts';

/** One JSON document on standard output; numbers that JSON cannot hold become null. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

export function printLine(text = ''): void {
  process.stdout.write(`${text}\n`);
}

/** A message beside the result, on standard error. */
export function printNote(text: string): void {
  process.stderr.write(`${text}\n`);
}

type OutputError = NodeJS.ErrnoException;

let handler: ((error: OutputError) => void) | undefined;

/**
 * Handles failures of standard output. A reader that goes away early, as in `leaderboard | head`, is no
 * error: the process ends with 0. Any other failure ends it with the exit code that `report` returns. Call
 * this once, at the start.
 */
export function watchOutput(report: (error: unknown) => number): void {
  process.stdout.on('error', (error: OutputError) => {
    if (handler) handler(error);
    else process.exit(isClosedPipe(error) ? 0 : report(outputFailure(error)));
  });
  process.stderr.on('error', () => undefined);
}

/**
 * Sets what handles failures of standard output while work runs that must be stopped in order; undefined
 * afterwards.
 */
export function handleOutputErrors(handle: ((error: OutputError) => void) | undefined): void {
  handler = handle;
}

export function isClosedPipe({ code }: OutputError): boolean {
  return code === 'EPIPE';
}

/** The error for people where standard output cannot be written. */
export function outputFailure(error: OutputError): ActivationSearchError {
  const why = error.code === 'ENOSPC' ? 'no space is left' : error.message;
  return new ActivationSearchError('environment', `the output cannot be written: ${why}.`, {
    hint: 'Make room, or write it to another place.',
    cause: error,
  });
}
