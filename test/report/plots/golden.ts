import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { projectRoot } from '../../../src/paths.ts';
import { drawChart } from '../../../src/plot/draw-chart.ts';
import { bestAndRelu, chooseCandidates, chooseFunctions } from '../../../src/report/plots/choose.ts';
import type { Plot, PlotKind } from '../../../src/report/plots/plot.ts';
import { type PlotName, plotNames, plots } from '../../../src/report/plots/plots.ts';
import { WholeStudy } from '../../../src/report/whole-study.ts';
import { Store } from '../../../src/storage/store.ts';
import { fillJudgedStudy } from '../judged-study.ts';

const work = mkdtempSync(join(tmpdir(), 'activation-search-test-'));
process.on('exit', () => rmSync(work, { recursive: true, force: true }));

/**
 * Three small studies: evolution on a ladder of three rungs, and two of two units on one rung. A copy,
 * because SQLite keeps files beside a database that it reads.
 */
export const studiesFile = join(work, 'studies.db');
copyFileSync(join(projectRoot, 'test', 'storage', 'assets', 'schema-1-studies.db'), studiesFile);

/** What takes its place in the picture, because time is no part of it. */
const nanoseconds = ({ kind }: { readonly kind: string }): number => kind.length;

/** In place of what a network computes, which depends on the machine. */
const waves = [1, 2, 3, 4].map((layer) =>
  Float32Array.from({ length: 1000 }, (_, index) => layer * Math.cos((Math.PI * index) / 999)),
);

/** A plot of the studies. */
export function goldenPlot(name: PlotName, study = 'golden'): Plot {
  const store = Store.open(studiesFile, { readonly: true });
  try {
    const kind: PlotKind = plots[name];
    const record = store.study(study);
    switch (kind.shows) {
      case 'functions':
        return kind.make(
          chooseFunctions(['max(x, 0)', 'x*sigmoid(beta*x)', 'top:1'], { store, study: record }),
        );
      case 'candidates':
        return name === 'parameters'
          ? kind.make(store, record, chooseCandidates(['x*sigmoid(beta*x)', '83'], store, record))
          : kind.make(store, record, bestAndRelu(store, record, 3));
      case 'replay': {
        const [chosen] = chooseCandidates(['top:1'], store, record);
        if (!chosen) throw new Error('the study ranks nothing');
        return kind.make(chosen, kind.choose(store, chosen), waves);
      }
      case 'study':
        return kind.make(new WholeStudy(store, record), { nanoseconds });
      case 'studies':
        return kind.make(store, store.studies());
    }
  } finally {
    store.close();
  }
}

/** The ranking of a study that has verdicts; studies of the oldest schema have none. */
function judgedRanks(): Plot {
  const store = Store.open(join(work, 'judged.db'));
  try {
    return plots.ranks.make(
      new WholeStudy(store, store.findStudy('judged') ?? fillJudgedStudy(store, 'judged')),
      {},
    );
  } finally {
    store.close();
  }
}

/** How each golden picture is made, by its name. */
export const goldenPlots: Readonly<Record<string, () => Plot>> = {
  ...Object.fromEntries(plotNames.map((name) => [name, () => goldenPlot(name)])),
  'ranks-judged': judgedRanks,
};

export function goldenPicture(name: string): string {
  return join(projectRoot, 'test', 'report', 'plots', 'golden', `${name}.svg`);
}

// Writes them anew: node build/test/report/plots/golden.js
if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  for (const [name, make] of Object.entries(goldenPlots)) {
    mkdirSync(dirname(goldenPicture(name)), { recursive: true });
    writeFileSync(goldenPicture(name), drawChart(make().chart));
  }
}
