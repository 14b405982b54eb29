import { hash as digest } from 'node:crypto';
import { basename } from 'node:path';
import { z } from 'zod';
import { childRecipe } from '../children/recipe.ts';
import { ActivationSearchError, errorCodes } from '../errors.ts';
import { toolVersion } from '../paths.ts';
import { gitRevision } from '../revision.ts';
import {
  type CheckpointFiles,
  type NetworkArithmetic,
  networkArithmetic,
  type TrialRequest,
  trialOutcome,
  trialRequest,
} from '../trial/protocol.ts';
import { encode } from './wire.ts';

/** Raised when a message changes. */
export const queueProtocol = 4;

/** The build of this tool. Workers of another one are refused, because its results may differ. */
export function ownBuild(): string {
  build ??= [toolVersion(), gitRevision()].filter(Boolean).join(' ');
  return build;
}

let build: string | undefined;

/** All keys on the server begin with it. */
export const keyPrefix = 'activation-search';
/** Sets of the studies and of the workers that were there lately. */
export const studiesKey: string = `${keyPrefix}:studies`;
export const workersKey: string = `${keyPrefix}:workers`;

export function workerKey(id: string): string {
  return `${keyPrefix}:worker:${id}`;
}

/** The keys of one study on the server. */
export function studyKeys(study: string) {
  const key = (what: string): string => `${keyPrefix}:${what}:${study}`;
  return {
    /** What workers must know of it; lapses when the coordinator renews it no longer. */
    notice: key('study'),
    /** The arithmetic that all of its networks are trained with, once it is known. */
    arithmetic: key('arithmetic'),
    /** Ids of trials that nobody wants any more. */
    cancelled: key('cancelled'),
    /** Names of the queues that it has had. */
    queues: key('queues'),
    /** Streams of what workers say: outcomes and refusals; how far trainings are. */
    answers: key('answers'),
    progress: key('progress'),
  } as const;
}

/** The BullMQ queue with the trials of a study; a mixed one has a queue for each arithmetic. */
export function queueName(study: string, arithmetic?: string): string {
  return arithmetic === undefined ? `trials-${study}` : `trials-${study}-${arithmetic}`;
}

/** An arithmetic as the name of a queue has it. */
export function arithmeticKey(arithmetic: NetworkArithmetic): string {
  const text = JSON.stringify(arithmetic);
  let key = arithmeticKeys.get(text);
  if (key === undefined) {
    const parts = Object.entries(arithmetic).sort(([a], [b]) => (a < b ? -1 : 1));
    key = shortHash(parts).slice(0, 12);
    arithmeticKeys.set(text, key);
  }
  return key;
}

/** Those met so far: as few as there are kinds of machines. */
const arithmeticKeys = new Map<string, string>();

const hash = z.string().regex(/^[0-9a-f]{16,64}$/);
/** A name for the file system, without a path. */
const fileName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,120}$/);
const shortText = z.string().max(200);

/** The part of a study's notice that every version can read. */
export const noticeHead = z.looseObject({ protocol: z.number(), build: shortText, study: shortText });

/** What a coordinator says of its study. */
export const studyNotice = z.strictObject({
  protocol: z.literal(queueProtocol),
  build: shortText,
  study: shortText,
  /** Another one in each sitting. */
  token: shortText,
  /** The database that the study lies in: two coordinators of one study have two copies of it. */
  database: hash,
  activation: z.enum(['composed', 'fused']),
  precision: z.enum(['float32', 'fast']),
  /** The children by name: trials name theirs. */
  recipes: z.record(shortText, childRecipe),
  /** Whether networks are trained, for which the arithmetic must fit. */
  networks: z.boolean(),
  /** Whether workers of any arithmetic may join, or only those of one. */
  mixed: z.boolean(),
  /** Names of the children that are commands. */
  commands: z.array(shortText),
  /** The SHA-256 of each data set, by name; null if it is generated. */
  datasets: z.record(shortText, hash.nullable()),
});
export type StudyNotice = z.infer<typeof studyNotice>;

/** What all trials of a study share is in its notice. */
const shared = { recipe: true, activation: true, precision: true } as const;

/** A trial as it waits on the server. Checkpoints have names, not paths: each worker keeps its own. */
export const queuedTrial = trialRequest.omit({ id: true, checkpoint: true, ...shared }).extend({
  checkpoint: z
    .strictObject({
      from: z.strictObject({ name: fileName, step: z.number().int().positive() }).optional(),
      to: fileName.optional(),
    })
    .nullable(),
});
export type QueuedTrial = z.infer<typeof queuedTrial>;

/** What a worker answers to a trial. */
export const trialAnswer = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('outcome'), outcome: trialOutcome }),
  /** The request is wrong, so that trying again would not help. */
  z.strictObject({
    kind: z.literal('refused'),
    code: z.enum(errorCodes),
    message: z.string(),
    hint: z.string().optional(),
  }),
]);
export type TrialAnswer = z.infer<typeof trialAnswer>;

/** The error of a refusal, as the worker met it. */
export function refusedError({ code, message, hint }: Extract<TrialAnswer, { kind: 'refused' }>): Error {
  return new ActivationSearchError(code, message, hint === undefined ? {} : { hint });
}

export const queuedProgress = z.strictObject({
  step: z.number().int(),
  steps: z.number().int(),
  trainingLoss: z.number().or(z.nan()),
  /** The process that trains, on its own machine. */
  pid: z.number().int(),
});

/** What a worker says of itself. */
export const workerNotice = z.strictObject({
  build: shortText,
  machine: shortText,
  pid: z.number().int(),
  cores: z.number().int(),
  /** Trials that it trains at a time. */
  places: z.number().int().positive(),
  /** Seconds since it was started: clocks of machines differ. */
  seconds: z.number(),
  arithmetic: networkArithmetic.omit({ activation: true, precision: true }).nullable(),
  /** The studies that it works for, in turn. */
  studies: z.array(z.strictObject({ key: hash, name: shortText })),
  trains: z.array(
    z.strictObject({
      expression: z.string(),
      child: z.string(),
      seed: z.number(),
      step: z.number(),
      steps: z.number(),
    }),
  ),
  /** Studies that it may not work for, and why. */
  refused: z.array(
    z.strictObject({
      key: hash,
      name: shortText,
      reason: z.string(),
      /** The token of the sitting whose trials it could not train, if it has tried. */
      tried: shortText.optional(),
      /** Whether the reason may pass by itself, as where memory was short. */
      passing: z.boolean().optional(),
    }),
  ),
});
export type WorkerNotice = z.infer<typeof workerNotice>;

/**
 * The text in which a request travels, and the id that only an equal request of the study has, for the same
 * arithmetic.
 */
export function toQueue(request: TrialRequest, within = ''): { readonly body: string; readonly id: string } {
  const { id: _, checkpoint, recipe: __, activation: ___, precision: ____, ...own } = request;
  const body = encode({
    ...unlessGiven,
    ...own,
    checkpoint: checkpoint ? withoutFolders(checkpoint) : null,
  });
  return { body, id: `trial-${shortHash([body, within])}` };
}

/** What a request may leave out. */
const unlessGiven = trialRequest.pick({ rung: true, earlyStop: true, test: true }).parse({});

function withoutFolders({ from, to }: CheckpointFiles): QueuedTrial['checkpoint'] {
  return {
    ...(from ? { from: { name: basename(from.file), step: from.step } } : {}),
    ...(to ? { to: basename(to) } : {}),
  };
}

/** A hash of anything that JSON can hold, as 32 hexadecimal digits. */
export function shortHash(value: unknown): string {
  return digest('sha256', JSON.stringify(value)).slice(0, 32);
}
