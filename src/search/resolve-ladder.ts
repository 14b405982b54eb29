import { isNetwork } from '../children/recipe.ts';
import type { PlaceOf } from '../schema-problems.ts';
import { type Rung, trialsOfRung } from '../study/ladder.ts';
import { isSameTrial } from '../study/trial.ts';
import type { RungSettings } from './ladder-settings.ts';
import { RecipeBook, type StudyRecipes } from './recipes.ts';
import { refuseSetting } from './refuse-setting.ts';
import { raceSeeds, refuseBadRace, rungSeeds } from './resolve-seeds.ts';
import type { StudySettings } from './study-settings.ts';

type Path = readonly PropertyKey[];

const usualChildren = [{ name: 'mlp20-mnist' }, { name: 'resnet8-cifar10' }];

/** The rungs of a study, and its children. */
export interface ResolvedLadder extends StudyRecipes {
  readonly rungs: Rung[];
}

/**
 * The ladder of a study: its rungs, or the one rung that children, steps and seeds stand for. Refuses, with
 * its place, a ladder that cannot work: both forms at once, unknown children, a share that is missing or has
 * nowhere to lead, seeds that are not those of the rung before and more, a rung that trains nothing new, an
 * early stop too late, finalists below a rung without, a race without finalists or with too small a budget.
 */
export function resolveLadder(given: StudySettings, placeOf: PlaceOf): ResolvedLadder {
  const book = new RecipeBook(placeOf);
  const short = shortForm(given, placeOf);
  const rungs = short
    ? [resolveRung(short, given.seed, [], placeOf, book)]
    : (given.rungs ?? []).map((rung, index) =>
        resolveRung(rung, given.seed, ['rungs', index], placeOf, book),
      );
  const ladder = { rungs, ...book.contents() };
  if (short) return ladder;
  rungs.forEach((rung, index) => {
    refuseBadShare(rungs, index, placeOf);
    refuseBadFinals(rungs, index, placeOf);
    refuseIdleParsimony(rungs, index, placeOf);
    const before = rungs[index - 1];
    if (before) refuseBadStep(before, rung, index, placeOf);
  });
  return ladder;
}

/** Children, steps and seeds as the only rung; undefined where the ladder is written out. */
function shortForm(given: StudySettings, placeOf: PlaceOf): RungSettings | undefined {
  const { children, steps, seeds } = given;
  if (!given.rungs) {
    return {
      children: children ?? usualChildren,
      seeds: seeds ?? 1,
      ...(steps === undefined ? {} : { steps }),
    };
  }
  for (const [key, flag] of [
    ['children', '--child'],
    ['steps', '--steps'],
    ['seeds', '--seeds'],
  ] as const) {
    if (given[key] === undefined) continue;
    const place = placeOf([key]);
    const what = place
      ? `${key} and rungs exclude each other`
      : `${flag} does not go with a file that has rungs`;
    refuseSetting(`${what}: children, steps and seeds are the short form of a ladder of one rung.`, place, {
      hint: place
        ? `Write ${key} into each rung, or leave rungs out.`
        : `Change the rungs in the file, or leave ${flag} out.`,
    });
  }
  return undefined;
}

function resolveRung(
  given: RungSettings,
  studySeed: number,
  path: Path,
  placeOf: PlaceOf,
  book: RecipeBook,
): Rung {
  const children = given.children.map((written, index) => {
    const { child, steps } = book.read(written, [...path, 'children', index]);
    if (given.earlyStop?.chance && !isNetwork(child) && child.classes === undefined) {
      refuseSetting(
        `chance: the loss of guessing is unknown for child "${child.name}", whose recipe does not say its classes.`,
        placeOf([...path, 'earlyStop', 'chance']),
        { hint: 'Write the number of classes into the recipe (classes: 10), or leave chance out.' },
      );
    }
    return { name: child.name, steps: steps ?? given.steps ?? child.steps };
  });
  children.forEach(({ name }, index) => {
    if (children.findIndex((other) => other.name === name) === index) return;
    const place = placeOf([...path, 'children', index]);
    refuseSetting(`child "${name}" is named twice.`, place, { hint: 'Name it once.' });
  });
  const { chance, quantile } = given.earlyStop ?? {};
  if (given.earlyStop && !chance && !quantile) {
    refuseSetting('earlyStop says nothing.', placeOf([...path, 'earlyStop']), {
      hint: 'Give it chance, quantile, or both; or leave it out.',
    });
  }
  for (const [rule, after] of [
    ['chance', chance?.after],
    ['quantile', quantile?.after],
  ] as const) {
    const short = children.find(({ steps }) => after !== undefined && after >= steps);
    if (!short) continue;
    refuseSetting(
      `${rule}: after ${after} steps is too late, ${short.name} is trained for ${short.steps} steps.`,
      placeOf([...path, 'earlyStop', rule, 'after']),
      { hint: `Give less than ${short.steps}, or more steps.` },
    );
  }
  const race = given.race ?? null;
  if (race) refuseBadRace(given, race, children.length, placeOf, path);
  return {
    children,
    seeds: race
      ? raceSeeds(race, children.length, studySeed)
      : rungSeeds(given.seeds ?? 1, studySeed, placeOf([...path, 'seeds'])),
    share: given.share ?? null,
    finalists: given.finalists ?? null,
    parsimony: given.parsimony ?? 0,
    race,
    earlyStop: given.earlyStop ? { chance: chance ?? null, quantile: quantile ?? null } : null,
  };
}

function refuseBadShare(rungs: readonly Rung[], index: number, placeOf: PlaceOf): void {
  const { share } = rungs[index] as Rung;
  const last = index === rungs.length - 1;
  if (rungs[index + 1]?.finalists != null) {
    if (share === null) return;
    refuseSetting(
      `rung ${index + 1} has a share, and rung ${index + 2} chooses its finalists from the whole study.`,
      placeOf(['rungs', index, 'share']),
      { hint: 'Leave the share out, or the finalists.' },
    );
  }
  if (last && share !== null) {
    refuseSetting(
      `rung ${index + 1} is the last: it has no share, for there is no rung to go on to.`,
      placeOf(['rungs', index, 'share']),
      {
        hint: 'Leave the share out, or add a rung.',
      },
    );
  }
  if (!last && share === null) {
    refuseSetting(
      `rung ${index + 1} has no share: nothing would go on to rung ${index + 2}.`,
      placeOf(['rungs', index]),
      {
        hint: 'Say what share of a batch does, such as share: 0.25.',
      },
    );
  }
}

function refuseBadFinals(rungs: readonly Rung[], index: number, placeOf: PlaceOf): void {
  const { finalists, race, earlyStop } = rungs[index] as Rung;
  if (finalists === null) return;
  const place = placeOf(['rungs', index, 'finalists']);
  const [before, next] = [rungs[index - 1], rungs[index + 1]];
  if (!before || next?.finalists === null) {
    refuseSetting(`rung ${index + 1} has finalists: the finals are the last of several rungs.`, place, {
      hint: before
        ? `Give rung ${index + 2} finalists too, or let a share choose who goes on to rung ${index + 1}.`
        : 'Add a rung before it.',
    });
  }
  if (finalists > (before.finalists ?? finalists)) {
    refuseSetting(
      `rung ${index + 1} has ${finalists} finalists, and only ${before.finalists} come from rung ${index}.`,
      place,
      { hint: `Give ${before.finalists} or fewer: each rung of the finals chooses from the one before.` },
    );
  }
  if (race && next) {
    refuseSetting(
      `rung ${index + 1} is a race: only the last rung is one.`,
      placeOf(['rungs', index, 'race']),
      { hint: `Move the race to rung ${rungs.length}, or leave it out.` },
    );
  }
  if (earlyStop) {
    refuseSetting(
      `rung ${index + 1} belongs to the finals: nothing is stopped early there.`,
      placeOf(['rungs', index, 'earlyStop']),
      {
        hint: 'Leave earlyStop out.',
      },
    );
  }
}

function refuseIdleParsimony(rungs: readonly Rung[], index: number, placeOf: PlaceOf): void {
  const { share, finalists, parsimony } = rungs[index] as Rung;
  if (parsimony === 0 || share !== null || finalists !== null) return;
  refuseSetting(
    `rung ${index + 1} has parsimony, and nobody is chosen by it.`,
    placeOf(['rungs', index, 'parsimony']),
    { hint: 'Write it beside share, or beside finalists: it says what counts when they choose.' },
  );
}

function refuseBadStep(before: Rung, rung: Rung, index: number, placeOf: PlaceOf): void {
  if (rung.race) return;
  const seeds = placeOf(['rungs', index, 'seeds']) ?? placeOf(['rungs', index]);
  if (rung.seeds.length < before.seeds.length) {
    const [now, then] = [rung.seeds.length, before.seeds.length];
    refuseSetting(`rung ${index + 1} has fewer seeds (${now}) than the rung before (${then}).`, seeds, {
      hint: `Give ${then} or more: a higher rung is a surer judgment.`,
    });
  }
  if (before.seeds.some((seed, position) => rung.seeds[position] !== seed)) {
    refuseSetting(`the seeds of rung ${index + 1} do not begin with those of the rung before.`, seeds, {
      hint: `Begin with ${before.seeds.join(', ')}: candidates of a study have their seeds in common.`,
    });
  }
  const known = trialsOfRung(before);
  if (trialsOfRung(rung).every((trial) => known.some((one) => isSameTrial(one, trial)))) {
    refuseSetting(
      `rung ${index + 1} trains nothing that the rung before has not trained.`,
      placeOf(['rungs', index]),
      {
        hint: 'Give it more steps, more seeds or other children, or leave it out.',
      },
    );
  }
}
