import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ActivationSearchError } from '../errors.ts';
import { chooseCandidates } from '../report/plots/choose.ts';
import { tensorboardRuns } from '../report/tensorboard.ts';
import type { Store, StudyRecord } from '../storage/store.ts';
import { plural } from '../terminal/numbers.ts';
import { makeNamedFolder, writeNamedFile } from './named-file.ts';
import { printLine } from './output.ts';
import { namedOrNewestStudy, readStore, type StoreFlags } from './store-access.ts';

/** What `export --to` takes beside the targets of a single function. */
export const tensorboardTarget = 'tensorboard';

/** The file's name: TensorBoard reads all files of a folder whose names have `tfevents`. */
const eventFile = 'events.out.tfevents.activation-search';

interface BoardFlags extends StoreFlags {
  readonly out?: string;
  readonly force?: boolean;
  readonly name?: string;
  readonly trained?: number;
}

/** The study that is named, else that of the function with an id, else the newest. */
function studyFor(what: string, store: Store, named: string | undefined): StudyRecord {
  const candidate = /^\d+$/.test(what.trim()) ? store.candidate(Number(what)) : undefined;
  const own = named === undefined && candidate ? store.studyWithId(candidate.studyId) : undefined;
  return own ?? namedOrNewestStudy(store, named);
}

/** `export ID|top:N|FORMULA --to tensorboard --out FOLDER`: curves, scores, histograms and formulas. */
export async function exportTensorboard(what: string, flags: BoardFlags): Promise<void> {
  const { out, name, trained } = flags;
  if (name !== undefined || trained !== undefined) {
    throw new ActivationSearchError('usage', '--name and --trained are for code, not for TensorBoard.', {
      hint: 'Leave them out: all trials of the functions are exported.',
    });
  }
  if (out === undefined) {
    throw new ActivationSearchError('usage', 'TensorBoard reads a folder.', {
      hint: 'Name one: --out FOLDER',
    });
  }
  await readStore(flags, (store) => {
    const runs = tensorboardRuns(store, chooseCandidates([what], store, studyFor(what, store, flags.study)));
    const files = runs.map(({ folder, content }) => ({ path: resolve(join(out, folder)), content }));
    const existing = files.find(({ path }) => existsSync(join(path, eventFile)));
    if (existing && !flags.force) {
      throw new ActivationSearchError('usage', `${join(existing.path, eventFile)} exists and is kept.`, {
        hint: 'Choose another folder, or overwrite it with --force.',
      });
    }
    for (const { path, content } of files) {
      makeNamedFolder(path);
      writeNamedFile(join(path, eventFile), content);
    }
    printLine(`${plural(files.length, 'run')} in ${resolve(out)}; to see them: tensorboard --logdir ${out}`);
  });
}
