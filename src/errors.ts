import { distance } from 'fastest-levenshtein';

/** What kind of thing went wrong; decides the exit code. */
const exitCodes = {
  usage: 2,
  formula: 2,
  'search-space': 2,
  config: 2,
  study: 2,
  database: 2,
  dataset: 2,
  server: 2,
  environment: 1,
  internal: 1,
} as const;

export type ErrorCode = keyof typeof exitCodes;
export const errorCodes = Object.keys(exitCodes) as ErrorCode[];

/** Where in a text the error lies; lines and columns count from 1. */
export interface Place {
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
}

export interface ErrorDetails {
  /** What to do about it: one sentence or a command. */
  readonly hint?: string;
  readonly place?: Place;
  readonly cause?: unknown;
}

/**
 * The one error class of the tool: everything that a person can cause or mend.
 * Its message says what was given and what is allowed, the hint what to do. Anything else that is
 * thrown is a defect. A diverged, refused, timed-out or crashed training is no error but an outcome.
 */
export class ActivationSearchError extends Error {
  override readonly name = 'ActivationSearchError';
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly place: Place | undefined;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.hint = details.hint;
    this.place = details.place;
  }

  /** 2 for bad input, 1 for the rest. */
  get exitCode(): 1 | 2 {
    return exitCodes[this.code];
  }
}

/** What an action gives; undefined where it refuses. Defects go on. */
export function unlessRefused<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch (error) {
    if (error instanceof ActivationSearchError) return undefined;
    throw error;
  }
}

/** `file:line:column`, as far as known; empty where nothing is. */
export function formatPlace(place: Place | undefined): string {
  if (!place) return '';
  return [place.file, place.line, place.column].filter((part) => part !== undefined).join(':');
}

/**
 * Runs `resolve`, and gives an error of it that has no place yet that one, so that a mistake in a file is
 * found in it. A place in a formula, which has no file, gives way to one in a file.
 */
export function placed<T>(place: Place | undefined, resolve: () => T): T {
  try {
    return resolve();
  } catch (error) {
    if (!(error instanceof ActivationSearchError) || !place) throw error;
    if (error.place && (error.place.file !== undefined || place.file === undefined)) throw error;
    throw new ActivationSearchError(error.code, error.message, {
      place,
      cause: error,
      ...(error.hint === undefined ? {} : { hint: error.hint }),
    });
  }
}

/** The allowed name nearest to what was given, if near enough to be a likely typing error. */
export function nearestName(given: string, allowed: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(given.length / 3)) + 1;
  for (const name of allowed) {
    const d = typingDistance(given.toLowerCase(), name.toLowerCase());
    if (d < bestDistance) {
      best = name;
      bestDistance = d;
    }
  }
  return best;
}

/** Levenshtein's distance, where two neighboring characters in the wrong order are one error. */
function typingDistance(given: string, name: string): number {
  let least = distance(given, name);
  for (let at = 1; at < Math.min(given.length, 40); at++) {
    const swapped = given.slice(0, at - 1) + given[at] + given[at - 1] + given.slice(at + 1);
    least = Math.min(least, 1 + distance(swapped, name));
  }
  return least;
}

/** ` Did you mean "sigmoid"?`, or the list of what is allowed where nothing is near. */
export function suggestion(given: string, allowed: readonly string[]): string {
  const near = nearestName(given, allowed);
  if (near !== undefined) return `Did you mean "${near}"?`;
  return `Known: ${allowed.join(', ')}.`;
}
