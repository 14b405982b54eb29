import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  describedRow,
  leaderboardFields,
  leaderboardMarkdown,
  leaderboardValues,
} from '../../src/report/leaderboard-text.ts';
import type { LeaderboardRow } from '../../src/storage/store.ts';
import { row, rows } from './samples.ts';

test('Markdown marks the target, quotes bars, and CSV has every field', () => {
  const text = leaderboardMarkdown([row(1, '|x|', { target: 'equal' }), row(null, 'exp(x)')], 1);
  assert.match(text, /^\| rank \| id \| function \| score \|/);
  assert.match(
    text,
    /\| 1 \| 1 \| `\\\|x\\\|` \(known: Absolute value\) \(target\) \| 0\.2000 \| 0\.1000 to 0\.3000 \| 90\.0% \| 2 \| 3 \|\n/,
  );
  assert.match(text, /\| {2}\| 99 \| `exp\(x\)` \| diverged \|/);
  const described = describedRow(rows[0] as LeaderboardRow, rows);
  assert.equal(described.known, 'Swish');
  assert.equal(leaderboardValues(described).length, leaderboardFields.length);
  assert.deepEqual(leaderboardFields.toSorted(), Object.keys(described).toSorted());
});
