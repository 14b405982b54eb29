import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from '../../src/expression/notation.ts';
import { functionScore, functionScores } from '../../src/report/function-scores.ts';
import { chooseCandidates } from '../../src/report/plots/choose.ts';
import { sqliteDriver } from '../../src/storage/driver.ts';
import { candidateOf, studyOf } from '../../src/storage/left-behind.ts';
import { Store } from '../../src/storage/store.ts';
import type { Candidate } from '../../src/study/candidate.ts';
import type { Trial } from '../../src/study/trial.ts';
import { sampleDatabase } from './samples.ts';

type Context = Parameters<typeof sampleDatabase>[0];

/** A database with a study, of which somebody has deleted rows by hand. */
function bereft(context: Context, deletion: string): Store {
  const file = sampleDatabase(context, 's');
  const db = new (sqliteDriver())(file);
  db.pragma('foreign_keys = OFF');
  assert.ok(db.prepare(deletion).run().changes > 0);
  db.close();
  const store = Store.open(file, { readonly: true });
  context.after(() => store.close());
  return store;
}

const refused = (message: RegExp) => ({
  code: 'database',
  message,
  hint: /npx activation-search study clean/,
});

test('what a deleted study left behind is said to be that, with what to do', (context) => {
  const store = bereft(context, 'DELETE FROM study');
  const candidate = store.candidate(1) as Candidate;
  const message = /candidate \d+ belongs to a study that was deleted by hand, without foreign keys/;
  assert.throws(() => studyOf(store, candidate), refused(message));
  assert.throws(() => functionScore(store, candidate), refused(message));
  assert.throws(() => functionScores(store, parse('sin(x)')), refused(message));
});

test('so are a proposal without the function that it equals, and a trial without its function', (context) => {
  const store = bereft(context, "DELETE FROM candidate WHERE name = 'Swish'");
  const study = store.study('s');
  const known = store.candidatesOf(study.id).find(({ sameAs }) => sameAs === 2) as Candidate;
  const message = /candidate \d+ equals candidate 2, one that was deleted by hand/;
  assert.throws(() => functionScore(store, known), refused(message));
  assert.throws(() => chooseCandidates([String(known.id)], store, study), refused(message));
  const trial = store.trialsOf(2)[0] as Trial;
  assert.throws(
    () => candidateOf(store, trial),
    refused(/trial \d+ belongs to a candidate that was deleted/),
  );
});
