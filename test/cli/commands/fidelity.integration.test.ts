// Needs TensorFlow and real processes: trains the tiny child on synthetic data, some ten seconds.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { cli } from '../../support/cli.ts';
import { temporaryFolder } from '../../support/temporary.ts';

test('fidelity trains what the table lacks, keeps each training, and measures against the paper', async (context) => {
  const table = join(temporaryFolder(context), 'trainings.csv');
  const flags = ['--child', 'tiny-synthetic:60', '--seeds', '1', '--table', table];
  const { code, stdout, stderr } = await cli(['fidelity', ...flags, '--json']);
  assert.equal(code, 0, stderr);
  const rows = JSON.parse(stdout) as {
    measure: string;
    functions: number;
    seconds: number;
    all: { tau: number; low: number; high: number };
  }[];
  assert.deepEqual(rows.map(({ measure }) => measure).sort(), [
    'accuracy',
    'edge-of-chaos',
    'loss',
    'loss-at-third',
    'losses',
    'nearest-outputs',
    'small-outputs',
    'sum-of-losses',
    'training-loss',
  ]);
  for (const { measure, functions, seconds, all } of rows) {
    assert.equal(functions, 16);
    if (['edge-of-chaos', 'nearest-outputs', 'small-outputs'].includes(measure)) assert.equal(seconds, 0);
    else assert.ok(seconds > 0);
    assert.ok(all.low <= all.tau && all.tau <= all.high);
  }

  // As if it had been stopped before the last three trainings.
  const lines = readFileSync(table, 'utf8').trimEnd().split('\r\n');
  assert.equal(lines.length, 17);
  writeFileSync(table, `${lines.slice(0, -3).join('\r\n')}\r\n`);
  const again = await cli(['fidelity', ...flags, '--csv']);
  assert.equal(again.code, 0, again.stderr);
  assert.match(again.stderr, /3 trainings to do/);
  const untimed = (line: string | undefined) => line?.replace(/,[^,]*$/, '');
  const now = readFileSync(table, 'utf8').trimEnd().split('\r\n');
  assert.deepEqual(now.map(untimed), lines.map(untimed), 'trained to the same bits');
  assert.match(again.stdout, /^children,measure,seeds,seconds,functions,tau,/);
});

test('fidelity prints the shipped trainings as a table and says whether the goal is reached', async () => {
  const { code, stdout, stderr } = await cli(['fidelity', '--measure', 'loss']);
  assert.equal(code, 0);
  assert.match(stdout, /resnet8-cifar10:600/);
  assert.match(stdout, /Goal tau 0\.80 within 20 s: not reached\./);
  const formula = await cli(['fidelity', '--measure', 'small-outputs', '--all']);
  assert.equal(formula.code, 0);
  assert.match(formula.stdout, /Control: 0\.71 \(0\.38 to 0\.92\) by small-outputs of the formula alone/);
  assert.match(stderr, /plain8-cifar10:400 is left out: it has 2 of the functions/);
});

test('fidelity trains nothing for a table to which it cannot add, and goes on in one without a last line end', async (context) => {
  const folder = temporaryFolder(context);
  const table = join(folder, 'trainings.csv');
  const other =
    'function,child,seed,steps,status,validation_loss,validation_accuracy\n"max(x, 0)",other,1,5,complete,1.5,0.4\n';
  writeFileSync(table, other);
  const command = ['fidelity', '--child', 'tiny-synthetic:5', '--seeds', '1', '--table', table];
  const refused = await cli(command);
  assert.equal(refused.code, 2);
  assert.match(refused.stderr, /trainings cannot be added here: its columns are function, child, seed, /);
  assert.equal(readFileSync(table, 'utf8'), other);

  const columns =
    'child,steps,function,seed,status,validation_accuracy,validation_loss,training_loss,sum_of_training_losses,loss_at_third,seconds';
  writeFileSync(table, `${columns}\nother,5,"max(x, 0)",1,complete,0.4,1.5,,,,1`);
  for (let time = 1; time <= 2; time++) {
    const { code, stderr } = await cli(command);
    assert.equal(code, 0, stderr);
  }
  assert.equal(readFileSync(table, 'utf8').trimEnd().split('\n').length, 18);
});

test('fidelity refuses bad input with 2 and says what to do', async (context) => {
  const thin = join(temporaryFolder(context), 'thin.csv');
  writeFileSync(
    thin,
    'child,steps,function,seed,status,validation_accuracy,validation_loss\na,5,"max(x, 0)",1,complete,0.5,1\n',
  );
  const negative = join(temporaryFolder(context), 'negative.csv');
  writeFileSync(negative, readFileSync(thin, 'utf8').replace('0.5,1\n', '0.5,-1\n'));
  for (const [flags, message] of [
    [['--table', negative], /negative\.csv:2: validation_loss "-1" is below 0/],
    [['--child', 'plain9-cifar10:600'], /unknown child "plain9-cifar10"/],
    [['--child', 'plain8-cifar10'], /names no number of steps/],
    [['--measure', 'los'], /no such measure[\s\S]*Did you mean "loss"/],
    [['--against', 'nowhere.csv'], /nowhere\.csv: the table cannot be read: there is no such file/],
    [['--table', 'nowhere.csv'], /nowhere\.csv: the table cannot be read: there is no such file/],
    [['--table', thin], /no child of .*thin\.csv has 5 functions[\s\S]*train them with --child/],
    [['--plot', 'plot.pdf'], /plot\.pdf ends neither in \.svg nor in \.png/],
    [['--plot', 'nowhere/plot.svg'], /nowhere\/plot\.svg cannot be written: there is no such folder/],
    [['--combine', '4'], /Give a whole number from 1 to 3/],
  ] as const) {
    const { code, stdout, stderr } = await cli(['fidelity', ...flags]);
    assert.equal(code, 2, flags.join(' '));
    assert.match(stderr, message);
    assert.equal(stdout, '');
  }
});
