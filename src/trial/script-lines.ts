import { z } from 'zod';

/** The version of the protocol that a training script and the tool speak: JSON objects, one a line. */
export const scriptProtocol = 1;

/** What the tool writes to a script's standard input. */
export type ToScript =
  | {
      readonly kind: 'hello';
      readonly protocol: number;
      readonly child: string;
      readonly worker: number;
      readonly options: Readonly<Record<string, unknown>>;
    }
  | ScriptRequest
  /** Give the training up: nobody waits for its outcome. Answered with `stopped`. */
  | { readonly kind: 'stop'; readonly id: number }
  | { readonly kind: 'shutdown' };

/** What a script is to train. */
export interface ScriptRequest {
  readonly kind: 'trial';
  readonly protocol: number;
  readonly id: number;
  readonly formula: string;
  /** The file that holds the function for the framework that the recipe names; null if it names none. */
  readonly module: string | null;
  readonly seed: number;
  readonly steps: number;
  readonly rung: number;
  readonly options: Readonly<Record<string, unknown>>;
}

/** A number that came out as NaN or infinite is null: JSON has no word for it. */
const measured = z.number().nullable();
const id = z.number().int().optional();

const fromScript = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('ready'),
    protocol: z.number(),
    /** What decides its numbers: versions, devices. */
    arithmetic: z.record(z.string(), z.string()).optional(),
  }),
  z.object({ kind: z.literal('progress'), id, step: z.number().int().positive(), loss: measured }),
  z.object({
    kind: z.literal('outcome'),
    id,
    validationAccuracy: measured.optional(),
    validationLoss: measured.optional(),
    metrics: z.record(z.string(), measured).optional(),
    parameterCount: z.number().int().nonnegative().optional(),
    learned: z.record(z.string(), z.array(z.array(measured).min(1))).optional(),
  }),
  z.object({ kind: z.literal('stopped'), id }),
]);
export type FromScript = z.infer<typeof fromScript>;
export type ScriptOutcome = Extract<FromScript, { kind: 'outcome' }>;

const kinds: readonly unknown[] = fromScript.options.map(({ shape }) => shape.kind.value);

/** A line of a script's standard output: a message, something that it printed, or a message that is wrong. */
export type ScriptLine =
  | { readonly kind: 'message'; readonly message: FromScript }
  | { readonly kind: 'print'; readonly text: string }
  | { readonly kind: 'wrong'; readonly reason: string };

/**
 * Reads a line. Only an object with one of the known kinds is a message; a script may print anything else.
 */
export function readScriptLine(text: string): ScriptLine {
  const value = parsed(text);
  const kind = typeof value === 'object' && value !== null && 'kind' in value ? value.kind : undefined;
  if (!kinds.includes(kind)) return { kind: 'print', text };
  const { data, error } = fromScript.safeParse(value);
  if (data) return { kind: 'message', message: data };
  const [issue] = error.issues;
  const where = issue?.path.join('.');
  return { kind: 'wrong', reason: `its message "${String(kind)}" is wrong: ${where}: ${issue?.message}` };
}

/** JSON, in which NaN and infinities, as Python writes them, are null; undefined if it is none. */
function parsed(text: string): unknown {
  if (!text.trimStart().startsWith('{')) return undefined;
  const plain = text.replaceAll(/"(?:[^"\\]|\\.)*"|-?\bInfinity\b|-?\b[Nn]a[Nn]\b|-?\binf\b/g, (token) =>
    token.startsWith('"') ? token : 'null',
  );
  try {
    return JSON.parse(plain);
  } catch {
    return undefined;
  }
}
