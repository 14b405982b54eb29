import { ActivationSearchError } from '../../errors.ts';
import type { Point, Series } from '../../plot/chart.ts';
import { styles } from '../../plot/theme.ts';
import type { Json, Store, StudyRecord } from '../../storage/store.ts';
import type { Candidate } from '../../study/candidate.ts';
import { bestOf } from '../../study/rank.ts';
import { isFailure } from '../../study/statuses.ts';
import { legendName, type Plot, type ReluReference, reluReference, type StudiesPlot } from './plot.ts';

/** Studies side by side: only the settings that differ, their best scores and how they came to them. */
export const comparePlot: StudiesPlot = {
  summary: 'several studies side by side: what differs, best scores, progress, failures',
  shows: 'studies',
  make: plotStudies,
};

interface Compared {
  readonly study: StudyRecord;
  readonly proposed: readonly Candidate[];
  readonly best: Candidate | undefined;
  readonly relu: ReluReference;
}

function plotStudies(store: Store, studies: readonly StudyRecord[]): Plot {
  if (studies.length < 2) {
    throw new ActivationSearchError(
      'usage',
      `studies are compared, and there is ${studies.length === 1 ? 'one' : 'none'}.`,
      {
        hint: 'Name several; those of a database are listed by: npx activation-search study list',
      },
    );
  }
  const compared = studies.map((study): Compared => {
    const candidates = store.candidatesOf(study.id);
    const proposed = candidates.filter(({ kind }) => kind === 'proposed');
    return { study, proposed, best: bestOf(proposed, 1)[0], relu: reluReference(candidates) };
  });
  const atZero = compared.every(({ relu }) => relu.values[0] === 0);
  const differing = differences(studies);
  return {
    chart: {
      title: 'Studies side by side',
      notes: notesOf(studies, differing),
      panels: [
        {
          title: 'The best proposal, with its 95% interval',
          x: { label: atZero ? 'score (0 is ReLU)' : 'score' },
          y: { label: '', names: compared.map(({ study, best }) => nameOf(study, best)) },
          series: [
            {
              name: 'best proposal',
              mark: 'intervals',
              style: styles.first,
              points: compared.flatMap(bestPoint),
            },
          ],
          rules: atZero ? [{ x: 0 }] : [],
        },
        {
          title: 'What became of proposals',
          x: { label: 'proposals' },
          y: { label: '', names: studies.map(({ name }) => name) },
          series: outcomes(compared),
        },
      ],
    },
    columns: ['what', ...studies.map(({ name }) => name)],
    rows: [
      ...differing.map(({ setting, values }) => [setting, ...values]),
      ...measures.map(({ what, of }) => [what, ...compared.map(of)]),
    ],
  };
}

const measures: readonly { readonly what: string; of(one: Compared): string | number | null }[] = [
  { what: 'proposed', of: ({ proposed }) => proposed.length },
  { what: 'scored', of: ({ proposed }) => count(proposed, ({ score }) => score !== null) },
  { what: 'failed', of: ({ proposed }) => count(proposed, ({ status }) => isFailure(status)) },
  { what: 'refused', of: ({ proposed }) => count(proposed, ({ status }) => status === 'refused') },
  { what: 'known', of: ({ proposed }) => count(proposed, ({ status }) => status === 'known') },
  { what: 'seconds', of: ({ study }) => study.seconds },
  { what: 'best proposal', of: ({ best }) => best?.expression ?? null },
  { what: 'its score', of: ({ best }) => best?.score ?? null },
  { what: 'its rung', of: ({ best }) => best?.rung ?? null },
];

function count(candidates: readonly Candidate[], admits: (candidate: Candidate) => boolean): number {
  return candidates.filter(admits).length;
}

function nameOf({ name }: StudyRecord, best: Candidate | undefined): string {
  return best ? `${name}: ${best.expression}` : `${name}: none yet`;
}

function bestPoint({ best }: Compared, index: number): readonly Point[] {
  if (best?.score == null) return [];
  const { score, low, high, expression } = best;
  const ends = low !== null && high !== null ? { low, high } : {};
  return [{ x: score, y: index, label: expression, ...ends }];
}

const outcomeKinds = [
  { name: 'scored', style: styles.third, admits: ({ score }: Candidate) => score !== null },
  { name: 'failed', style: styles.failure, admits: ({ status }: Candidate) => isFailure(status) },
  { name: 'refused', style: styles.fourth, admits: ({ status }: Candidate) => status === 'refused' },
  { name: 'known', style: styles.quiet, admits: ({ status }: Candidate) => status === 'known' },
] as const;

function outcomes(compared: readonly Compared[]): readonly Series[] {
  const ends = compared.map(() => 0);
  return outcomeKinds.map(({ name, style, admits }) => ({
    name,
    mark: 'bars',
    style,
    points: compared.map(({ proposed }, y) => {
      const low = ends[y] as number;
      const x = low + count(proposed, admits);
      ends[y] = x;
      return { x, low, y, label: `${name}: ${x - low}` };
    }),
  }));
}

interface Difference {
  readonly setting: string;
  /** Of each study, as JSON; empty where a study has no such setting. */
  readonly values: readonly string[];
}

/** Settings that are not the same in all studies, by the path of their keys. */
function differences(studies: readonly StudyRecord[]): readonly Difference[] {
  const flat = studies.map(({ config }) => new Map(entriesOf(config)));
  const settings = [...new Set(flat.flatMap((one) => [...one.keys()]))];
  return settings
    .map((setting) => ({ setting, values: flat.map((one) => one.get(setting) ?? '') }))
    .filter(({ values }) => new Set(values).size > 1);
}

/** Recipes follow from the children that the rungs name. */
const leftOut: readonly string[] = ['recipes', 'recipeFiles'];

function entriesOf(config: Json, path = ''): readonly (readonly [string, string])[] {
  return Object.entries(config)
    .filter(([key]) => !leftOut.includes(key))
    .flatMap(([key, value]) => {
      const isGroup = typeof value === 'object' && value !== null && !Array.isArray(value);
      if (isGroup) return entriesOf(value as Json, `${path}${key}.`);
      return [[`${path}${key}`, value === null ? 'none' : JSON.stringify(value)] as const];
    });
}

const mostNotes = 8;

function notesOf(studies: readonly StudyRecord[], differing: readonly Difference[]): readonly string[] {
  if (differing.length === 0) return ['all settings are the same'];
  const shared = differing.filter(({ values }) => !values.includes(''));
  const shown = shared.slice(0, mostNotes).map(({ setting, values }) => {
    const each = studies.map(({ name }, index) => `${name} ${legendName(values[index] as string)}`);
    return `${setting}: ${each.join('; ')}`;
  });
  const more = differing.length - shown.length;
  return more > 0 ? [...shown, `${more} more settings differ: all of them with --csv`] : shown;
}
