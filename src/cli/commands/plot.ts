import { resolve } from 'node:path';
import { Command } from 'commander';
import { ActivationSearchError, suggestion } from '../../errors.ts';
import { drawChart } from '../../plot/draw-chart.ts';
import { bestAndRelu, chooseCandidates, chooseFunctions, namesCandidate } from '../../report/plots/choose.ts';
import type { DrawnCandidate, Plot, PlotKind, ReplayPlot } from '../../report/plots/plot.ts';
import { type PlotName, plotNames, plots } from '../../report/plots/plots.ts';
import { WholeStudy } from '../../report/whole-study.ts';
import { recipeOf } from '../../search/recipes.ts';
import { storedConfig } from '../../search/study-config.ts';
import type { Store, StudyRecord } from '../../storage/store.ts';
import { writeCsv, writeJson } from '../../terminal/rows-writer.ts';
import { fetchMissingData } from '../../trial/fetch-data.ts';
import { type DrawingFlags, studyOptions, withDrawingOptions } from '../drawing-options.ts';
import { printLine, printNote } from '../output.ts';
import { checkPictureFile, writePictureFile } from '../picture-file.ts';
import { repeatRequest } from '../repeat-request.ts';
import { jsonOption, namedOrNewestStudy, oneNamedStudy, readStore } from '../store-access.ts';

interface PlotFlags extends DrawingFlags {
  readonly csv?: boolean;
}

/** `plot NAME [WHAT…]`. */
export function plotCommand(): Command {
  const names = plotNames.map((name) => `  ${name.padEnd(14)} ${plots[name].summary}`);
  const command = new Command('plot')
    .description('Draws a study or functions as SVG or PNG, or prints the numbers behind the picture.')
    .argument('<name>', 'the plot; see below')
    .argument('[what...]', "a plot's formulas, ids or top:N; studies to compare; else a study")
    .addOption(jsonOption('print the numbers as one JSON document: an array of objects'))
    .option('--csv', 'print the numbers as CSV')
    .addHelpText(
      'after',
      `
Plots:
${names.join('\n')}

Examples:
  npx activation-search plot functions "x*sigmoid(x)" "max(x, 0)" --out functions.svg
  npx activation-search plot functions top:3 --study quickstart --out best.png
  npx activation-search plot progress quickstart --out progress.svg
  npx activation-search plot ranks quickstart --csv > ranks.csv`,
    )
    .action(runPlot);
  return withDrawingOptions(command, {
    out: 'write this .svg or .png file (default: SVG on standard output)',
    measure: 'pareto: also measure the time of an element on this machine',
  });
}

async function runPlot(given: string, what: readonly string[], flags: PlotFlags): Promise<void> {
  if (flags.json && flags.csv) {
    throw new ActivationSearchError('usage', 'one format at a time: --json or --csv.');
  }
  const kind = plots[plotNamed(given)] as PlotKind;
  if (flags.out !== undefined) checkPictureFile(flags.out, { force: flags.force === true });
  const plot = await makePlot(kind, what, flags);
  const numbers = { columns: plot.columns, rows: plot.rows.values() };
  if (flags.json || flags.csv) {
    for (const piece of flags.json ? writeJson(numbers) : writeCsv(numbers)) process.stdout.write(piece);
  }
  if (flags.out !== undefined) {
    await writePictureFile(flags.out, drawChart(plot.chart));
    if (!flags.json && !flags.csv) printLine(resolve(flags.out));
  } else if (!flags.json && !flags.csv) {
    process.stdout.write(drawChart(plot.chart));
  }
}

/** How many of the best functions are drawn where none is chosen. */
const usualCount = 5;

async function makePlot(kind: PlotKind, what: readonly string[], flags: PlotFlags): Promise<Plot> {
  const formulas = kind.shows === 'functions' && what.length > 0 && !what.some(namesCandidate);
  if (formulas && flags.study === undefined) return kind.make(chooseFunctions(what, null));
  return readStore(flags, async (store) => {
    switch (kind.shows) {
      case 'functions': {
        const study = namedOrNewestStudy(store, flags.study);
        if (what.length > 0) return kind.make(chooseFunctions(what, { store, study }));
        return kind.make(bestAndRelu(store, study, usualCount));
      }
      case 'candidates': {
        const study = namedOrNewestStudy(store, flags.study);
        const chosen =
          what.length > 0 ? chooseCandidates(what, store, study) : bestAndRelu(store, study, usualCount);
        return kind.make(store, study, chosen);
      }
      case 'replay': {
        const study = namedOrNewestStudy(store, flags.study);
        const [chosen, ...others] = chooseCandidates(what.length > 0 ? what : ['top:1'], store, study);
        if (!chosen || others.length > 0) {
          throw new ActivationSearchError('usage', 'this plot trains one function again: name one.');
        }
        return replayed(kind, store, study, chosen);
      }
      case 'study':
        return kind.make(
          new WholeStudy(store, namedOrNewestStudy(store, oneNamedStudy(what, flags.study))),
          await studyOptions(flags),
        );
      case 'studies': {
        const names = new Set([...what, ...(flags.study === undefined ? [] : [flags.study])]);
        return kind.make(
          store,
          names.size > 0 ? [...names].map((name) => store.study(name)) : store.studies(),
        );
      }
    }
  });
}

async function replayed(
  kind: ReplayPlot,
  store: Store,
  study: StudyRecord,
  chosen: DrawnCandidate,
): Promise<Plot> {
  const trial = kind.choose(store, chosen);
  const recipe = recipeOf(storedConfig(study).recipes, trial.child);
  await fetchMissingData([recipe], printNote);
  printNote(`training ${chosen.label} on ${trial.child}, seed ${trial.seed}, again …`);
  const { trainedPreactivations } = await import('../../trial/preactivations.ts');
  const values = await trainedPreactivations(repeatRequest(trial, chosen.candidate, recipe));
  return kind.make(chosen, trial, values);
}

function plotNamed(given: string): PlotName {
  const name = plotNames.find((one) => one === given);
  if (name !== undefined) return name;
  throw new ActivationSearchError('usage', `unknown plot "${given}".`, {
    hint: `${suggestion(given, plotNames)} See: npx activation-search plot --help`,
  });
}
