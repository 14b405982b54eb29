import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { readTable } from '../../src/comparison/read-table.ts';
import { ActivationSearchError, formatPlace } from '../../src/errors.ts';
import { print } from '../../src/expression/notation.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { toyCsv } from './toy.ts';

const folder = temporaryFolder({ after });

function table(text: string | Buffer) {
  const file = join(folder, 't.csv');
  writeFileSync(file, text);
  return readTable(file, 't.csv');
}

test('a table gives functions with their scores, and none for failed ones', () => {
  const rows = table(toyCsv).rows.map(({ expression, status, score }) => [print(expression), status, score]);
  assert.deepEqual(rows.slice(0, 2), [
    ['x*x', 'diverged', null],
    ['x*sigmoid(x)', 'complete', 0.1],
  ]);
  assert.equal(rows.length, 5);
});

test('columns stand in any order beside others, and fields in quotes, with any line ends and a byte order mark', () => {
  const { rows } = table(
    '\ufeffscore,note,"status",expression\r\n1e-3,"a, b ""c""",complete,"max(x, 0)"\r\n\r\n',
  );
  assert.deepEqual(
    rows.map(({ expression, score, place }) => [print(expression), score, formatPlace(place)]),
    [['max(x, 0)', 0.001, 't.csv:2:29']],
  );
});

test('baselines and what was never trained are left out', () => {
  const text =
    'expression,status,score,kind\n"max(x, 0)",complete,0,baseline\nx,refused,,proposed\nsin(x)+x,known,0.5,proposed\n' +
    'x*x,waiting,,proposed\ntanh(x),complete,-1,proposed\nexp(x),stopped-early,,proposed\n';
  assert.deepEqual(
    table(text).rows.map(({ expression }) => print(expression)),
    ['tanh(x)', 'exp(x)'],
  );
});

const header = 'expression,status,score\n';
const mistakes: readonly (readonly [what: string, text: string, message: RegExp, place: string])[] = [
  ['nothing', '', /empty/, 't.csv'],
  ['only names of columns', header, /no rows/, 't.csv'],
  ['only untrained rows', `${header}x,refused,\n`, /no row of a trained candidate/, 't.csv'],
  [
    'a missing column',
    'expression,state,score\ntanh(x),complete,1\n',
    /no column "status"; it has expression, state, score/,
    't.csv:1',
  ],
  ['a column twice', 'expression,status,score,score\n', /two columns "score"/, 't.csv:1'],
  [
    'a score that is no number',
    `${header}tanh(x),complete,good\n`,
    /"good" is not a finite number/,
    't.csv:2:18',
  ],
  [
    'an infinite score',
    `${header}"max(x, 0)",complete,Infinity\n`,
    /"Infinity" is not a finite/,
    't.csv:2:22',
  ],
  ['a missing score', `${header}tanh(x),complete,\n`, /has no score/, 't.csv:2:18'],
  ['an unknown status', `${header}tanh(x),compleet,1\n`, /"compleet" is no status/, 't.csv:2:9'],
  ['a missing status', `${header}tanh(x),,1\n`, /no status/, 't.csv:2:9'],
  ['a malformed formula', `${header}x*x,complete,1\nx*sigmoyd(x),complete,1\n`, /sigmoyd/, 't.csv:3:3'],
  ['a short line', `${header}x*x,complete,1\ntanh(x),complete\n`, /not a CSV file/, 't.csv:3'],
  ['an open quote', `${header}"x*x,complete,1\n`, /not a CSV file/, 't.csv:2'],
  [
    'scores of two rungs',
    'expression,status,score,rung\nx*x,complete,1,1\ntanh(x),complete,1,2\n',
    /several rungs \(1 and 2\)/,
    't.csv:3:20',
  ],
];

for (const [what, text, message, place] of mistakes) {
  test(`${what} is refused with its place`, () => {
    assert.throws(
      () => table(text),
      (error) => {
        assert.ok(error instanceof ActivationSearchError);
        assert.match(error.message, message);
        assert.equal(formatPlace(error.place), place);
        assert.equal(error.exitCode, 2);
        return true;
      },
    );
  });
}

test('a column that is nearly right, a database and a missing file are told with the remedy', () => {
  const hint = (text: string | Buffer): string | undefined => {
    try {
      table(text);
    } catch (error) {
      return (error as ActivationSearchError).hint;
    }
    return undefined;
  };
  assert.match(hint('expresion,status,score\n') ?? '', /"expresion" may be meant for "expression"/);
  assert.match(hint(Buffer.from('SQLite format 3\0 and more')) ?? '', /--db FILE --study NAME/);
  assert.throws(() => readTable(join(folder, 'none.csv'), 'none.csv'), /there is no such file/);
  assert.throws(() => readTable(folder, 'folder'), /it is a folder/);
});
