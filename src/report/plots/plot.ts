import type { Expression } from '../../expression/expression.ts';
import type { Chart, Point } from '../../plot/chart.ts';
import type { Store, StudyRecord } from '../../storage/store.ts';
import { type Candidate, isRelu } from '../../study/candidate.ts';
import type { Trial } from '../../study/trial.ts';
import type { Cell } from '../../terminal/csv.ts';
import type { WholeStudy } from '../whole-study.ts';

/** A chart, and the numbers that it shows as a table. */
export interface Plot {
  readonly chart: Chart;
  readonly columns: readonly string[];
  /** Made when they are asked for where there may be many. */
  readonly rows: readonly (readonly Cell[])[];
}

/** A function to be drawn, under the name that a legend gives it. */
export interface DrawnFunction {
  readonly label: string;
  readonly expression: Expression;
}

/** A function of a study, under the name that a legend gives it. */
export interface DrawnCandidate extends DrawnFunction {
  readonly candidate: Candidate;
}

/** What a plot of a study may be given besides. */
export interface StudyOptions {
  /** Measures what an element of a function takes on this machine. */
  readonly nanoseconds?: (expression: Expression) => number;
}

/** What a plot is made of; the words after its name choose it. */
export type PlotKind = FunctionsPlot | CandidatesPlot | StudyPlot | StudiesPlot | ReplayPlot;

interface Described {
  /** A line of the help. */
  readonly summary: string;
}

export interface FunctionsPlot extends Described {
  readonly shows: 'functions';
  make(functions: readonly DrawnFunction[]): Plot;
}

export interface CandidatesPlot extends Described {
  readonly shows: 'candidates';
  make(store: Store, study: StudyRecord, chosen: readonly DrawnCandidate[]): Plot;
}

export interface StudyPlot extends Described {
  readonly shows: 'study';
  make(whole: WholeStudy, options: StudyOptions): Plot;
}

export interface StudiesPlot extends Described {
  readonly shows: 'studies';
  make(store: Store, studies: readonly StudyRecord[]): Plot;
}

/** A plot of what a training that is repeated shows. */
export interface ReplayPlot extends Described {
  readonly shows: 'replay';
  /** The training that is repeated. */
  choose(store: Store, chosen: DrawnCandidate): Trial;
  /** `values`: what each layer gives to the function. */
  make(chosen: DrawnCandidate, trial: Trial, values: readonly Float32Array[]): Plot;
}

/** Where ReLU lies on an axis of scores: at 0, unless scores are losses or accuracies. */
export interface ReluReference {
  readonly label: string;
  /** Where a straight line stands for it; nowhere if ReLU has no score. */
  readonly values: readonly number[];
}

/** ReLU among functions of a study, for the label of an axis and a line. */
export function reluReference(
  functions: readonly Pick<Candidate, 'kind' | 'name' | 'score'>[],
): ReluReference {
  const score = functions.find(isRelu)?.score ?? null;
  if (score === null) return { label: 'score', values: [] };
  return { label: score === 0 ? 'score (0 is ReLU)' : 'score (dashed line: ReLU)', values: [score] };
}

/** A name for a legend: short enough for several of them in a line. */
export function legendName(text: string): string {
  const letters = [...text];
  return letters.length <= mostLetters ? text : `${letters.slice(0, mostLetters - 1).join('')}…`;
}

const mostLetters = 44;

/** At most so many of the points, evenly chosen, the last among them. */
export function thinned(points: readonly Point[], most = 400): readonly Point[] {
  const step = Math.ceil(points.length / most);
  return points.filter((_, index) => index % step === 0 || index === points.length - 1);
}
