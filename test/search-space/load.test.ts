import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, suite, test } from 'node:test';
import fc from 'fast-check';
import { ActivationSearchError } from '../../src/errors.ts';
import { print } from '../../src/expression/notation.ts';
import { searchSpaceFolder } from '../../src/paths.ts';
import { loadSearchSpace, type SearchSpace } from '../../src/search-space/search-space.ts';

const folder = mkdtempSync(join(tmpdir(), 'activation-search-space-'));
after(() => rmSync(folder, { recursive: true }));
let files = 0;

function write(content: string | Uint8Array, name = `space-${++files}.yaml`): string {
  const file = join(folder, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  return file;
}

function load(content: string | Uint8Array): SearchSpace {
  return loadSearchSpace(write(content));
}

/**
 * The error that loading gives: `LINE:COLUMN message hint` for one mistake, the whole message for several.
 */
function refusal(content: string | Uint8Array): string {
  const file = write(content);
  try {
    loadSearchSpace(file);
  } catch (error) {
    assert.ok(error instanceof ActivationSearchError, String(error));
    assert.equal(error.exitCode, 2);
    const { place } = error;
    if (place === undefined) return error.message.replaceAll(file, 'FILE');
    assert.equal(place.file, file);
    const where = place.line === undefined ? '' : `${place.line}:${place.column} `;
    return `${where}${error.message} ${error.hint}`;
  }
  return assert.fail(`${content} is accepted`);
}

const good = 'unary:\n  - x\nbinary:\n  - x1 + x2\n';

suite('a search space file', () => {
  test('lists primitives as formulas, as NAME: FORMULA, or with name and note', () => {
    const space = load(`# a comment
unary:
  - x
  - "|x|"
  - gaussian: exp(-x^2)
  - formula: alpha[0.25]*x
    note: alpha starts at 0.25
  - { name: three, formula: 3 }
binary: [x1 + x2, "max(x1, x2)"]
`);
    const listed = [...space.unary, ...space.binary].map(({ name, formula, note }) => [name, formula, note]);
    assert.deepEqual(listed, [
      ['x', 'x', ''],
      ['|x|', '|x|', ''],
      ['gaussian', 'exp(-x^2)', ''],
      ['alpha[0.25]*x', 'alpha[0.25]*x', 'alpha starts at 0.25'],
      ['three', '3', ''],
      ['x1 + x2', 'x1 + x2', ''],
      ['max(x1, x2)', 'max(x1, x2)', ''],
    ]);
    assert.equal(space.units, 1);
    assert.match(space.name, /^space-\d+$/);
    assert.match(space.unary[2]?.place ?? '', /:5:15$/);
  });

  test('may take any number of units that is possible, and the caller may override it', () => {
    const file = write(`units: 2\n${good}`);
    assert.equal(loadSearchSpace(file).units, 2);
    assert.equal(loadSearchSpace(file, { units: 3 }).units, 3);
    for (const units of [0, -1, 4, 99, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      assert.throws(() => loadSearchSpace(file, { units }), /not possible/);
      assert.match(refusal(`${good}units: ${units}\n`), /^5:8 units is a whole number from 1 to 3/);
    }
    assert.match(refusal(`${good}units: two\n`), /^5:8 units is a whole number from 1 to 3/);
  });

  test('adds to a shipped space by one line', () => {
    const paper = loadSearchSpace('paper');
    const space = load('extends: paper\nunary: [softsign: x/(1 + |x|)]\n');
    assert.deepEqual(space.unary.slice(0, -1), paper.unary);
    assert.equal(space.unary.at(-1)?.name, 'softsign');
    assert.deepEqual(space.binary, paper.binary);
  });

  test('extends a file next to it, from whatever folder it is loaded', () => {
    write(good, 'sub/base.yaml');
    const file = write('extends: ./base.yaml\nunits: 2\n', 'sub/more.yaml');
    assert.equal(loadSearchSpace(file).size, 4n);
  });

  test('works with Windows line ends, a byte order mark and flow style', () => {
    assert.equal(load(`\ufeff${good.replaceAll('\n', '\r\n')}`).size, 1n);
    assert.equal(load('{ unary: [x], binary: [x1*x2] }').size, 1n);
  });

  test('keeps the initial values that formulas give', () => {
    const mix = loadSearchSpace('paper').binary.at(-1);
    assert.equal(mix && print(mix.expression), 'beta[0.5]*x1 + (1 - beta[0.5])*x2');
  });
});

suite('mistakes in a search space file', () => {
  const list = (line: string): string => `unary:\n  - x\n  ${line}\nbinary:\n  - x1 + x2\n`;
  const cases: Record<string, [content: string, expected: RegExp]> = {
    'a formula error at its own place': [
      list('- sigmoid(x) + tahn(x)'),
      /^3:18 unknown function "tahn"[\s\S]*tanh/,
    ],
    'a formula error in a named primitive': [list('- gauss: exp(-x^^2)'), /^3:19 /],
    'a formula error within quotes': [list('- "|x| + $"'), /^3:12 /],
    'a formula error in the long form': [list('- formula: x + )\n    note: n'), /^3:18 /],
    'x1 in a unary primitive': [list('- x1^2'), /^3:5 x1 is not known here/],
    'a method of x in a binary primitive': [
      `${good}  - x2*x.tanh()\n`,
      /^5:8 x is not known here, only x1 and x2/,
    ],
    'x in a binary primitive': [`${good}  - x + x2\n`, /^5:5 x is not known here/],
    'an unknown key with the nearest': [
      `${good}unit: 2\n`,
      /^5:1 unknown key "unit"\. Did you mean "units"\?/,
    ],
    'an unknown key of a primitive': [
      list('- formula: x^2\n    nmae: sq'),
      /^4:5 unknown key "nmae"\. Did you mean "name"\?/,
    ],
    'a primitive twice': [
      list('- x'),
      /^3:5 unary already has a primitive named "x", at .*:2:5\. Remove one/,
    ],
    'a name that the base has': [
      'extends: paper\nbinary:\n  - x1 + x2\n',
      /^3:5 binary already has .*paper\.yaml:\d+:5/,
    ],
    'an empty list': ['unary: []\nbinary:\n  - x1 + x2\n', /^1:8 the list is empty/],
    'a list with nothing in it': ['unary:\nbinary:\n  - x1 + x2\n', /^1:\d must be a list/],
    'a missing list': ['unary:\n  - x\n', /^1:1 the list "binary" is missing.*extends: paper/],
    'a mapping instead of a list': ['unary:\n  gauss: exp(-x^2)\nbinary: [x1]\n', /^2:3 must be a list/],
    'an empty line of a list': [list('-'), /^3:\d+ this line of the list is empty/],
    'a name without formula': [list('- gauss:'), /^3:\d+ "gauss" has no formula/],
    'a list in a list': [list('- - x'), /^3:5 a list is no primitive/],
    'two primitives on a line': [
      list('- a: x^2\n    b: x^3'),
      /^3:5 a line of the list holds one primitive, this one 2/,
    ],
    'a long form without formula': [
      list('- name: sq\n    note: n'),
      /^3:5 a primitive with several keys needs the key "formula"/,
    ],
    'truth as formula': [list('- true'), /^3:5 "true" is no formula/],
    'a formula in braces without quotes': [
      list('- { formula: max(x, 0) }'),
      /^3:5 in braces a formula .* needs quotes/,
    ],
    'a bar without quotes': [list('- |x|'), /^3:6 YAML takes a \| .*quotes/],
    'a star without quotes': [list('- *x'), /^3:5 the alias "\*x" is not allowed/],
    'a line indented too far': [list('  - x^2'), /^2:5 a formula stands on one line, this one is "x - x\^2"/],
    'a tab': ['unary:\n\t- x\n', /^2:1 Tabs are not allowed as indentation\. Indent with spaces/],
    'a key twice': [`${good}unary:\n  - x\n`, /^5:1 Map keys must be unique/],
    'an open quote': [list('- "x'), /^\d:\d+ Missing closing "quote/],
    'a tag': [list('- !!js/function x'), /^3:5 Unresolved tag/],
    'two documents': [`${good}---\n${good}`, /^5:1 Source contains multiple documents/],
    'an empty file': ['', /^1:1 the file is empty.*unary/],
    'a list at the top': ['- x\n', /^1:1 a search space is a set of keys/],
    'text at the top': ['hello', /^1:1 a search space is a set of keys/],
    'a name that is a list': [`name: [a]\n${good}`, /^1:7 a name is text/],
    'a space that is not known': [
      'extends: papr\n',
      /^1:10 extends: unknown search space "papr"\. Did you mean "paper"\?/,
    ],
    'a base that is not there': [
      'extends: ./no.yaml\n',
      /^1:10 extends: .\/no\.yaml: there is no such file in the folder .*A path is relative/,
    ],
  };
  for (const [name, [content, expected]] of Object.entries(cases)) {
    test(`are named with line and column: ${name}`, () => assert.match(refusal(content), expected));
  }

  test('on several lines are told together, in the order of the lines', () => {
    const message = refusal('unary:\n  - x\n  - tahn(x)\nbinary:\n  - x1 +\n  - x\nunitz: 2\n');
    const places = [...message.matchAll(/^ {2}FILE:(\d+:\d+): /gm)].map((match) => match[1]);
    assert.match(message, /^4 things are wrong in FILE:/);
    assert.deepEqual(places, ['3:5', '5:9', '6:5', '7:1']);
  });

  test('in a base are named with the place in the base', () => {
    const base = write(list('- x +'));
    const file = write(`extends: ${base}\n`);
    assert.throws(() => loadSearchSpace(file), { place: { file: base, line: 3, column: 8 } });
  });

  test('such as files that extend each other are named as a circle', () => {
    write('extends: ./b.yaml\n', 'a.yaml');
    const file = write('extends: ./a.yaml\n', 'b.yaml');
    assert.throws(
      () => loadSearchSpace(file),
      /extend each other in a circle: .*b\.yaml -> .*a\.yaml -> .*b\.yaml/,
    );
    assert.throws(() => loadSearchSpace(write('extends: ./self.yaml\n', 'self.yaml')), /circle/);
  });

  test('such as anchors that unfold to a billion do no harm', () => {
    const levels = Array.from(
      { length: 9 },
      (_, level) => `  - &a${level + 1} [${`*a${level}, `.repeat(9)}]`,
    );
    assert.match(
      refusal(`unary:\n  - &a0 x\n${levels.join('\n')}\n`),
      /the alias "\*a0" is not allowed here/,
    );
  });
});

suite('whatever stands in a file', () => {
  const shipped = readFileSync(join(searchSpaceFolder, 'small.yaml'), 'utf8');
  const pieces = [
    '-',
    ':',
    '|',
    '"',
    "'",
    '[',
    ']',
    '{',
    '}',
    '&a',
    '*a',
    '!',
    '#',
    '\t',
    '\n',
    ' ',
    'x1',
    '?',
    '%',
    '@',
    '\u0000',
    '^^',
    'β',
    '---\n',
  ];

  test('is a space or an error with a place, never anything else', () => {
    const edit = fc.record({
      at: fc.nat(shipped.length),
      remove: fc.nat(12),
      insert: fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 6 })),
    });
    const file = write('');
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), (edits) => {
        const text = edits.reduce(
          (before, { at, remove, insert }) => before.slice(0, at) + insert + before.slice(at + remove),
          shipped,
        );
        writeFileSync(file, text);
        try {
          loadSearchSpace(file);
        } catch (error) {
          assert.ok(error instanceof ActivationSearchError, String(error));
          const placed = error.place?.line !== undefined || / things are wrong in /.test(error.message);
          assert.ok(placed || /UTF-8/.test(error.message), error.message);
        }
      }),
      { numRuns: 200 },
    );
  });
});

suite('files that are no search space', () => {
  test('are refused: not there, a folder, a device, a pipe, too large, not UTF-8', () => {
    const pipe = join(folder, 'pipe.yaml');
    execFileSync('mkfifo', [pipe]);
    const latin = Uint8Array.from([...Buffer.from(good), 0x23, 0xe9, 0x0a]);
    assert.throws(() => loadSearchSpace(join(folder, 'none.yaml')), /there is no such file/);
    assert.throws(() => loadSearchSpace(folder), /is a folder/);
    assert.throws(() => loadSearchSpace('/dev/zero'), /not a regular file/);
    assert.throws(() => loadSearchSpace(pipe), /not a regular file/);
    assert.match(refusal(Buffer.alloc(50_000_000, 0x20)), /^is 50 MB; at most 1 MB is read/);
    assert.match(refusal(latin), /^is not UTF-8 text/);
    assert.throws(() => loadSearchSpace(join(write(good), 'below.yaml')), /there is no such file/);
  });

  test('get the nearest shipped name, where a name was meant', () => {
    assert.throws(() => loadSearchSpace('Papers'), {
      message: 'unknown search space "Papers".',
      hint: /"paper"/,
    });
    assert.throws(() => loadSearchSpace(''), { hint: /Known: extended, paper, paper-subset, small/ });
    assert.throws(() => loadSearchSpace('__proto__'), /unknown search space/);
  });
});
