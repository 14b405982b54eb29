import { ActivationSearchError } from '../../errors.ts';
import type { Point, Series } from '../../plot/chart.ts';
import { styles } from '../../plot/theme.ts';
import type { Store, StudyRecord } from '../../storage/store.ts';
import type { Candidate } from '../../study/candidate.ts';
import { bestOf } from '../../study/rank.ts';
import { isFailure } from '../../study/statuses.ts';
import { type DifferingSetting, differingSettings } from '../differing-settings.ts';
import { intervalKind, withClipped } from '../interval.ts';
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
  const differing = differingSettings(studies);
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

function bestPoint({ study, best }: Compared, index: number): readonly Point[] {
  if (best?.score == null) return [];
  const { score, low, high, expression } = best;
  const at = { x: score, y: index, label: expression };
  if (intervalKind(withClipped(study, best)) !== 'measured') return [at];
  return [{ ...at, low: low as number, high: high as number }];
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

const mostNotes = 8;
/** Letters of a note: as wide as two panels side by side. */
const longestNote = 160;

function notesOf(studies: readonly StudyRecord[], differing: readonly DifferingSetting[]): readonly string[] {
  if (differing.length === 0) return ['all settings are the same'];
  const shown = differing
    .map(({ setting, values }) => ({ setting, values, names: values.map(legendName) }))
    .filter(({ values, names }) => !values.includes('') && new Set(names).size === new Set(values).size)
    .map(({ setting, names }) => {
      const each = studies.map(({ name }, index) => `${name} ${names[index]}`);
      return `${setting}: ${each.join('; ')}`;
    })
    .filter((note) => note.length <= longestNote)
    .slice(0, mostNotes);
  const more = differing.length - shown.length;
  return more > 0
    ? [...shown, `${shown.length > 0 ? `${more} more` : more} settings differ: all of them with --csv`]
    : shown;
}
