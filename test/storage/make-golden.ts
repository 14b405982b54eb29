import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../../src/paths.ts';
import { schemaVersion } from '../../src/storage/migrations.ts';
import { Store } from '../../src/storage/store.ts';
import { fillStudy } from './samples.ts';

/*
 * Writes test/storage/assets/schema-VERSION.db: `npx tsc && node build/test/storage/make-golden.js`. Run it
 * once for a new version, before it is published, and never again: it stands for the databases that people
 * have.
 */
const work = mkdtempSync(join(tmpdir(), 'activation-search-golden-'));
const store = Store.open(join(work, 'golden.db'));
fillStudy(store, 'golden');
store.close();
const assets = join(projectRoot, 'test', 'storage', 'assets');
mkdirSync(assets, { recursive: true });
copyFileSync(join(work, 'golden.db'), join(assets, `schema-${schemaVersion}.db`));
rmSync(work, { recursive: true });
