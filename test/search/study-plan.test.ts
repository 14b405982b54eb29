import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ActivationSearchError, formatPlace } from '../../src/errors.ts';
import { readSettings } from '../../src/search/read-settings.ts';
import { searchPlan } from '../../src/search/study-plan.ts';
import { temporaryFolder } from '../support/temporary.ts';

test('a space named in a study file is looked up beside that file', (context) => {
  const folder = temporaryFolder(context);
  mkdirSync(join(folder, 'studies'));
  const file = join(folder, 'studies', 'study.yaml');
  writeFileSync(join(folder, 'studies', 'own.yaml'), 'unary: [sigmoid(x), x]\nbinary: [x1*x2]\n');
  writeFileSync(file, 'seed: 1\nspace: own.yaml\n');
  const { config, space } = searchPlan(readSettings(file));
  assert.equal(space.file, join(folder, 'studies', 'own.yaml'));
  assert.equal(config.space, space.file);
  writeFileSync(file, 'seed: 1\nspace: ../own.yaml\n');
  assert.throws(
    () => searchPlan(readSettings(file)),
    (error) => {
      assert.ok(error instanceof ActivationSearchError);
      assert.equal(formatPlace(error.place), `${file}:2:8`);
      assert.equal(
        error.message,
        `../own.yaml: there is no such file in the folder ${join(folder, 'studies')}.`,
      );
      return true;
    },
  );
});

test('a space that is given by a flag is looked up from the working folder, a shipped one anywhere', (context) => {
  const file = join(temporaryFolder(context), 'study.yaml');
  writeFileSync(file, 'space: small\n');
  assert.equal(searchPlan(readSettings(file)).config.space, 'small');
  const { config } = searchPlan(readSettings(file, { whole: { space: 'search-space/small.yaml' } }));
  assert.equal(config.space, 'search-space/small.yaml');
});
