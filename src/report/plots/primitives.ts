import { ActivationSearchError } from '../../errors.ts';
import type { Panel } from '../../plot/chart.ts';
import { styles } from '../../plot/theme.ts';
import { type PrimitiveEffect, primitiveEffects, slots } from '../primitive-effects.ts';
import type { WholeStudy } from '../whole-study.ts';
import { refuseUnscored } from './choose.ts';
import type { Plot, StudyPlot } from './plot.ts';

/** What each primitive does to the score in each of its places. */
export const primitivesPlot: StudyPlot = {
  summary: 'mean effect of each primitive in each of its places, with intervals',
  shows: 'study',
  make: plotPrimitives,
};

function plotPrimitives({ study, space, proposed }: WholeStudy): Plot {
  if (!space) {
    throw new ActivationSearchError(
      'study',
      `study "${study.name}" trained functions that were given: they are not made of primitives.`,
      {
        hint: 'Name the study of a search with --study. All are listed by: npx activation-search study list',
      },
    );
  }
  refuseUnscored(study, proposed.filter(({ score }) => score !== null).length);
  const effects = primitiveEffects(space, proposed);
  return {
    chart: {
      title: `Primitives of ${study.name}`,
      notes: [
        'mean score of the functions with a primitive in that place, minus the mean of all; 95% intervals',
        'in brackets: functions with a score of those trained; primitives without any are left out, wide intervals cut off',
      ],
      panels: slots.map((slot) =>
        panelOf(
          slot,
          effects.filter((one) => one.slot === slot),
        ),
      ),
      columns: slots.length,
    },
    columns: ['slot', 'primitive', 'effect', 'low', 'high', 'scored', 'failed'],
    rows: effects.map(({ slot, primitive, effect, low, high, scored, failed }) => [
      slot,
      primitive,
      effect,
      low,
      high,
      scored,
      failed,
    ]),
  };
}

function panelOf(slot: string, effects: readonly PrimitiveEffect[]): Panel {
  const known = effects.filter(({ effect }) => effect !== null);
  const most = 1.4 * Math.max(0.01, ...known.map(({ effect }) => Math.abs(effect as number)));
  return {
    title: slot,
    x: { label: 'effect on the score', range: [-most, most] },
    y: {
      label: '',
      names: known.map(({ primitive, scored, failed }) => `${primitive} (${scored}/${scored + failed})`),
    },
    series: [
      {
        name: 'effect',
        mark: 'intervals',
        style: styles.first,
        points: known.map(({ primitive, effect, low, high }, index) => ({
          x: effect as number,
          y: index,
          label: primitive,
          ...(low === null || high === null ? {} : { low, high }),
        })),
      },
    ],
    rules: [{ x: 0 }],
  };
}
