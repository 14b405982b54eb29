import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Command } from 'commander';
import { orderedArguments } from '../../src/cli/arguments.ts';
import { isNameOrPath, ListOption } from '../../src/cli/list-option.ts';

interface Read {
  readonly operands: readonly string[];
  readonly options: Readonly<Record<string, unknown>>;
}

/**
 * What a command with a variadic argument, flags and two lists reads from a line; throws as commander does.
 */
function read(...line: readonly string[]): Read {
  const program = new Command().exitOverride();
  const command = new Command('train')
    .exitOverride()
    .showSuggestionAfterError()
    .configureOutput({ outputError: () => undefined })
    .argument('[formula...]')
    .addOption(new ListOption('--child <name...>', '', isNameOrPath))
    .addOption(new ListOption('--param <value...>', '', (_, operands) => operands.length > 0))
    .option('-n, --count <n>')
    .option('--target <formula>')
    .option('--json');
  program.addCommand(command);
  program.parse(orderedArguments(program, ['train', ...line]), { from: 'user' });
  return { operands: command.args, options: command.opts() };
}

test('a formula that begins with a minus is an argument, wherever it stands', () => {
  for (const formula of ['-x*sigmoid(-x)', '-x', '--x*tanh(x)', '-|x|', '-2', '-sin(x)', '-x + 1']) {
    assert.deepEqual(read(formula, '--json'), { operands: [formula], options: { json: true } });
    assert.deepEqual(read('--json', formula, 'x^2').operands, [formula, 'x^2']);
    assert.deepEqual(read('--', formula).operands, [formula]);
    assert.deepEqual(read('--target', formula), { operands: [], options: { target: formula } });
  }
});

test('options that do not exist are refused with the nearest one', () => {
  for (const [unknown, near] of [
    ['--jsn', '--json'],
    ['--chidl', '--child'],
    ['--cuont=3', '--count'],
  ] as const) {
    for (const line of [
      [unknown, 'x^2'],
      ['x^2', unknown],
    ]) {
      assert.throws(
        () => read(...line),
        new RegExp(`unknown option '${unknown}'[\\s\\S]*Did you mean ${near}`),
      );
    }
  }
  assert.throws(() => read('-j'), /unknown option '-j'/);
});

test('a list ends before the first value that does not belong to it', () => {
  const children = { child: ['a-child', 'b-child'] };
  assert.deepEqual(read('--child', 'a-child', 'b-child', 'x*sigmoid(x)'), {
    operands: ['x*sigmoid(x)'],
    options: children,
  });
  assert.deepEqual(read('--child', 'a-child', 'b-child', '-x*sigmoid(x)').operands, ['-x*sigmoid(x)']);
  assert.deepEqual(read('x^2', '--child', 'a-child', '--child', 'b-child').options, children);
  assert.deepEqual(read('--child', './my child.yaml').options, { child: ['./my child.yaml'] });
});

test('whether a value belongs to a list may depend on the arguments before it', () => {
  assert.deepEqual(read('--param', 'e1', 'SELECT ?'), { operands: ['SELECT ?'], options: { param: ['e1'] } });
  assert.deepEqual(read('SELECT ?, ?', '--param', 'a', 'SELECT').options, { param: ['a', 'SELECT'] });
});

test('values stay with their options, in the forms that commander knows', () => {
  assert.deepEqual(read('-n', '3', '--target=-x^2', 'x'), {
    operands: ['x'],
    options: { count: '3', target: '-x^2' },
  });
  assert.throws(() => read('x', '--count'), /argument missing/);
});

test('a list without a value is refused', () => {
  assert.throws(() => read('x^2', '--child'), /argument missing/);
});
