import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { reportPage } from '../../src/report/report-page.ts';
import { studyReport } from '../../src/report/study-report.ts';
import { Store } from '../../src/storage/store.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { writeLargeStudy } from './large-study.ts';

test('100,000 proposals are a page of less than 5 MB', (t) => {
  const file = join(temporaryFolder(t), 'large.db');
  writeLargeStudy(file, 100_000);
  const store = Store.open(file, { readonly: true });
  t.after(() => store.close());
  const html = reportPage(studyReport(store, store.study('large')));
  assert.ok(html.length < 5e6, `${html.length} characters`);
  assert.match(html, /100,000 proposals, 50,002 ranked functions/);
});
