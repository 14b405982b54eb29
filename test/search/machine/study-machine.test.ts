import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { knownAs, refusedAsAffine, sampleCandidate } from '../../storage/samples.ts';
import {
  CountingController,
  divergedOutcome,
  nextTraining,
  oneRung,
  runToEnd,
  take,
  toyMachine,
  twoRungs,
} from './support.ts';

suite('study machine', () => {
  test('baselines come first, then proposals in their order, as many as the limit allows', () => {
    const toy = toyMachine({ rules: { learns: false, candidates: 6 } });
    const trainings = runToEnd(toy, () => 0.5);
    assert.deepEqual(
      trainings.map(({ climber }) => climber.candidate.number),
      [-1, -2, 1, 2, 3, 4, 5, 6],
    );
    assert.equal(toy.machine.ended, 'candidates');
    assert.deepEqual([toy.machine.counts.proposed, toy.machine.counts.evaluated], [6, 6]);
  });

  test('a candidate that lacks a trial goes on before all others, and a failed one lacks none', () => {
    const rung = { ...oneRung, seeds: [1, 2] };
    const toy = toyMachine({ rungs: [rung], rules: { learns: false, candidates: 2 } });
    const trainings = runToEnd(toy, ({ climber }) =>
      climber.candidate.number === 1 ? divergedOutcome() : 0.5,
    );
    assert.deepEqual(
      trainings.map(({ climber, trial }) => [climber.candidate.number, trial.seed]),
      [
        [-1, 1],
        [-1, 2],
        [-2, 1],
        [-2, 2],
        [1, 1],
        [2, 1],
        [2, 2],
      ],
    );
    const [, , failed] = toy.machine.candidates;
    assert.deepEqual([failed?.status, failed?.score, failed?.rung], ['diverged', null, 1]);
  });

  test('the best share of a batch climbs once the whole batch has a result', () => {
    const toy = toyMachine({ rungs: twoRungs, rules: { learns: false, candidates: 4 } });
    const trainings = runToEnd(toy, ({ climber }) => climber.candidate.number / 10 + 0.5);
    assert.deepEqual(
      trainings.map(({ climber, rung }) => [climber.candidate.number, rung]),
      [
        [-1, 1],
        [-1, 2],
        [-2, 1],
        [-2, 2],
        [1, 1],
        [2, 1],
        [3, 1],
        [4, 1],
        [3, 2],
        [4, 2],
      ],
    );
    assert.deepEqual(toy.machine.counts.byRung, [2, 2]);
  });

  test('nothing is promoted while one of the batch still trains', () => {
    const toy = toyMachine({ rungs: twoRungs, rules: { learns: false, candidates: 2, batch: 2 } });
    for (const _ of [1, 2, 3, 4]) take(toy, nextTraining(toy), 0.5);
    const [one, two] = [nextTraining(toy), nextTraining(toy)];
    take(toy, two, 0.9);
    toy.machine.commit();
    assert.equal(toy.machine.step().kind, 'wait');
    take(toy, one, 0.8);
    toy.machine.commit();
    assert.equal(nextTraining(toy).climber.candidate.number, 2);
  });

  test('the order in which trials end decides nothing', () => {
    const results = [
      [0, 1, 2, 3],
      [3, 2, 1, 0],
      [1, 3, 0, 2],
    ].map((order) => {
      const controller = new CountingController();
      const toy = toyMachine({ rungs: twoRungs, controller, rules: { learns: true, candidates: 8 } });
      for (const _ of [1, 2, 3, 4]) take(toy, nextTraining(toy), 0.5);
      for (const _ of [1, 2]) {
        const batch = order.map(() => nextTraining(toy));
        for (const index of order) {
          const training = batch[index];
          if (training) take(toy, training, 1 / training.climber.candidate.number);
          toy.machine.commit();
        }
        for (const _ of [1, 2]) take(toy, nextTraining(toy), 0.5);
        toy.machine.commit();
      }
      return [toy.machine.candidates, controller.told];
    });
    assert.deepEqual(results[1], results[0]);
    assert.deepEqual(results[2], results[0]);
  });

  test('a controller that learns is told each batch before the next ask; one that overlaps may be one batch ahead', () => {
    for (const overlaps of [false, true]) {
      const controller = new CountingController();
      const toy = toyMachine({ controller, rules: { learns: true, overlaps, batch: 2 } });
      for (const _ of [1, 2]) take(toy, nextTraining(toy), 0.5);
      const [one, two] = [nextTraining(toy), nextTraining(toy)];
      if (overlaps) assert.equal(nextTraining(toy).climber.candidate.number, 3);
      else assert.equal(toy.machine.step().kind, 'wait');
      take(toy, two, 0.2);
      take(toy, one, 0.1);
      assert.equal(controller.told.length, 0);
      toy.machine.commit();
      assert.deepEqual(
        controller.told[0]?.map(({ tokens, reward, rung, origin }) => [tokens[2], reward, rung, origin]),
        [
          [1, 0.1, 1, 'new'],
          [2, 0.2, 1, 'new'],
        ],
      );
    }
  });

  test('refused and known proposals need no training, and are told with the score that they share', () => {
    const controller = new CountingController();
    const judge = (number: number) =>
      sampleCandidate(number, number === 2 ? refusedAsAffine : number === 3 ? knownAs(1) : {});
    const toy = toyMachine({ controller, judge, rules: { learns: true, batch: 3, candidates: 1 } });
    const trainings = runToEnd(toy, () => 0.7);
    assert.deepEqual(
      trainings.slice(2).map(({ climber }) => climber.candidate.number),
      [1],
    );
    assert.deepEqual(
      controller.told[0]?.map(({ reward, rung, origin }) => [reward, rung, origin]),
      [
        [0.7, 1, 'new'],
        [null, 0, 'refused'],
        [0.7, 1, 'known'],
      ],
    );
    const { refused, known, evaluated } = toy.machine.counts;
    assert.ok(refused >= 1 && known >= 1);
    assert.equal(evaluated, 1);
  });

  test('an exhausted space ends the study; so does the target, where it should', () => {
    const exhausted = toyMachine({ controller: new CountingController(3) });
    assert.equal(runToEnd(exhausted, () => 0.5).length, 5);
    assert.equal(exhausted.machine.ended, 'exhausted');
    const judge = (number: number) => sampleCandidate(number, { target: number === 2 ? 'equal' : null });
    const target = toyMachine({ judge, rules: { learns: false, stopAtTarget: true } });
    assert.equal(runToEnd(target, () => 0.5).length, 4);
    assert.equal(target.machine.ended, 'target');
  });

  test('the finals take the best of the whole study and the baselines, once', () => {
    const finals = { ...oneRung, seeds: [1, 2], finalists: 2 };
    const toy = toyMachine({ rungs: [oneRung, finals], rules: { learns: false, candidates: 5 } });
    const trainings = runToEnd(toy, ({ climber }) => 1 / (2 + Math.abs(climber.candidate.number - 3)));
    assert.deepEqual(
      trainings.filter(({ rung }) => rung === 2).map(({ climber }) => climber.candidate.number),
      [-1, -2, 3, 2],
    );
  });

  test('rungs of the finals follow each other, each on the best of the one below', () => {
    const seeds = (count: number, finalists: number) => ({
      ...oneRung,
      seeds: [1, 2, 3].slice(0, count),
      finalists,
    });
    const controller = new CountingController();
    const toy = toyMachine({
      controller,
      rungs: [oneRung, seeds(2, 4), seeds(3, 2)],
      rules: { learns: true, candidates: 8 },
    });
    // On the first rung the later ones are better, on the second the earlier ones.
    const trainings = runToEnd(toy, ({ climber: { candidate }, rung }) => {
      const place = candidate.number / 10;
      return candidate.number < 0 ? 0.01 : rung === 1 ? place : 1 - place;
    });
    const numbersOn = (rung: number): readonly number[] =>
      trainings.filter((one) => one.rung === rung).map(({ climber }) => climber.candidate.number);
    assert.deepEqual(numbersOn(2), [-1, -2, 8, 7, 6, 5]);
    assert.deepEqual(numbersOn(3), [-1, -2, 5, 6]);
    assert.deepEqual(
      controller.told.flat().map(({ rung, reward }) => [rung, reward]),
      [1, 2, 3, 4, 5, 6, 7, 8].map((number) => [1, number / 10]),
    );
    assert.deepEqual(toy.machine.counts.byRung, [4, 2, 2]);
  });

  test('with onlyContinue nothing is begun, but what was begun goes on', () => {
    const rung = { ...oneRung, seeds: [1, 2] };
    const toy = toyMachine({ rungs: [rung] });
    take(toy, nextTraining(toy), 0.5);
    const step = toy.machine.step(true);
    assert.ok(step.kind === 'train' && step.climber.candidate.number === -1);
    assert.equal(toy.machine.step(true).kind, 'end');
  });

  test('news come once they are kept: trials, results, and batches that were told', () => {
    const toy = toyMachine({ rules: { learns: false, candidates: 1 } });
    take(toy, nextTraining(toy), 0.5);
    assert.deepEqual([toy.news.length, toy.machine.unkept], [0, 1]);
    toy.machine.commit();
    assert.deepEqual(
      toy.news.map(({ kind }) => kind),
      ['trial', 'candidate'],
    );
    runToEnd(toy, () => 0.5);
    assert.deepEqual(
      toy.news.filter(({ kind }) => kind === 'told').map((one) => (one.kind === 'told' ? one.numbers : [])),
      [[-1, -2], [1]],
    );
  });

  test('without ReLU no score can be made', () => {
    const toy = toyMachine();
    take(toy, nextTraining(toy), divergedOutcome('loss is NaN at step 7'));
    assert.throws(() => toy.machine.commit(), {
      code: 'environment',
      message: /ReLU diverged .* NaN at step 7/,
    });
  });
});
