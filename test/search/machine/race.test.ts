import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { Random } from '../../../src/random.ts';
import type { Rung } from '../../../src/study/ladder.ts';
import type { StudyVerdicts } from '../../../src/study/verdict.ts';
import type { TrialOutcome } from '../../../src/trial/protocol.ts';
import { completeOutcome } from '../../storage/samples.ts';
import { divergedOutcome, oneRung, runToEnd, type Toy, type Training, take, toyMachine } from './support.ts';

const budget = 9;
const finals: Rung = {
  ...oneRung,
  seeds: Array.from({ length: budget }, (_, index) => 101 + index),
  finalists: 4,
  race: { blocks: 5, budget, level: 0.05, margin: 0.005 },
};

function raceMachine(): Toy {
  return toyMachine({ rungs: [oneRung, finals], rules: { learns: false, candidates: 5 } });
}

/** Lead over ReLU by number: 1 and 2 lead and are alike, 3 is a little ahead, 4 behind. */
const leads: Readonly<Record<number, number>> = { [-2]: 0.02, 1: 0.1, 2: 0.1, 3: 0.05, 4: -0.1, 5: 0.001 };
/** On the first rung 5 is the worst, and so no finalist. */
const first: Readonly<Record<number, number>> = { 1: 0.5, 2: 0.5, 3: 0.5, 4: 0.5, 5: 0.1 };

/** A loss of 1, less the lead, with noise of the seed, common to all, and of function and seed. */
function outcomeOf({ climber, trial, rung }: Training): TrialOutcome {
  const { number } = climber.candidate;
  if (rung === 1) return completeOutcome(first[number] ?? 0.5);
  const noise =
    0.03 * Random.fromSeed(trial.seed).normal() + 0.004 * Random.fromSeed(number, trial.seed).normal();
  return completeOutcome(1 - Math.exp(noise - (leads[number] ?? 0)));
}

function verdictsOf(toy: Toy): Readonly<Record<number, readonly unknown[]>> {
  const { verdicts } = toy.ledger.verdicts as StudyVerdicts;
  const numbers = new Map(toy.machine.candidates.map(({ id, number }) => [id, number]));
  return Object.fromEntries(
    verdicts.map(({ candidateId, verdict, group, blocks, failedBlocks }) => [
      numbers.get(candidateId) as number,
      [verdict, group, blocks, failedBlocks],
    ]),
  );
}

suite('the finals as a race', () => {
  test('all run on five blocks, those certainly behind leave, ReLU runs on, the leaders to the end', () => {
    const toy = raceMachine();
    const race = runToEnd(toy, outcomeOf).filter(({ rung }) => rung === 2);
    const blocks = (number: number): number =>
      race.filter(({ climber }) => climber.candidate.number === number).length;
    assert.deepEqual([-1, 1, 2, 4, 5].map(blocks), [budget, budget, budget, 5, 0]);
    const verdicts = verdictsOf(toy);
    assert.deepEqual(verdicts[1]?.slice(0, 3), ['ahead', 1, budget]);
    assert.deepEqual(verdicts[2]?.slice(0, 3), ['ahead', 1, budget]);
    assert.deepEqual([verdicts[4]?.[0], verdicts[4]?.[2]], ['behind', 5]);
    assert.deepEqual(
      race.map(({ trial }) => trial.seed).filter((seed) => oneRung.seeds.includes(seed)),
      [],
      'no seed that chose the finalists',
    );
  });

  test('the order in which trials end decides nothing', () => {
    const inOrder = raceMachine();
    runToEnd(inOrder, outcomeOf);
    const toy = raceMachine();
    const random = Random.fromSeed('order');
    const running: Training[] = [];
    for (let step = toy.machine.step(); step.kind !== 'end'; step = toy.machine.step()) {
      if (step.kind === 'train') running.push(step);
      if (running.length < 4 && step.kind !== 'wait') continue;
      const [ended] = running.splice(random.index(running.length), 1);
      if (ended) take(toy, ended, outcomeOf(ended));
      toy.machine.commit();
    }
    assert.equal(running.length, 0);
    assert.deepEqual(verdictsOf(toy), verdictsOf(inOrder));
    assert.deepEqual(toy.machine.candidates, inOrder.machine.candidates);
  });

  test('a function that fails on a block is behind, counted, and leaves', () => {
    const toy = raceMachine();
    const fails = ({ climber, trial }: Training): boolean =>
      climber.candidate.number === 2 && trial.seed === 103;
    runToEnd(toy, (training) => (fails(training) ? divergedOutcome() : outcomeOf(training)));
    assert.deepEqual(verdictsOf(toy)[2]?.slice(2), [3, 1]);
    assert.equal(verdictsOf(toy)[2]?.[0], 'behind');
    assert.equal(toy.machine.candidates.find(({ number }) => number === 2)?.status, 'diverged');
    assert.equal(verdictsOf(toy)[1]?.[0], 'ahead');
  });

  test('a block is a child and a seed, and a seed runs on all children', () => {
    const children = [
      { name: 'a', steps: 10 },
      { name: 'b', steps: 10 },
    ];
    const rung = { ...finals, children, seeds: finals.seeds.slice(0, 4) };
    const toy = toyMachine({ rungs: [oneRung, rung], rules: { learns: false, candidates: 2 } });
    const race = runToEnd(toy, outcomeOf).filter(({ rung: on }) => on === 2);
    const ofRelu = race.filter(({ climber }) => climber.candidate.number === -1);
    assert.deepEqual(
      ofRelu.slice(0, 4).map(({ trial }) => [trial.child, trial.seed]),
      [
        ['a', 101],
        ['b', 101],
        ['a', 102],
        ['b', 102],
      ],
    );
    const { verdicts, concordance } = toy.ledger.verdicts as StudyVerdicts;
    assert.ok(verdicts.every(({ blocks }) => blocks >= 6 && blocks % 2 === 0));
    assert.ok(concordance !== null && concordance > 0 && concordance <= 1);
  });
});
