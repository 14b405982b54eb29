import { fusedAbsence } from '../activation/usual-backend.ts';
import { datasetStatus, fetchDataset } from '../datasets/datasets.ts';
import { ActivationSearchError } from '../errors.ts';
import { requireTensorflowLibrary } from '../tensorflow-library.ts';
import { noticeHead, ownBuild, queueProtocol, type StudyNotice, studyNotice } from './queue-messages.ts';
import { decode, decoded } from './wire.ts';

/** What this machine's owner allows, and how to tell of slow things. */
export interface WorkerTerms {
  readonly allowCommand: boolean;
  readonly say: (text: string) => void;
}

/**
 * Reads the notice of a study. Returns instead, in words, why a worker of this build can do nothing with it.
 */
export function readNotice(text: string): StudyNotice | { readonly study: string; readonly reason: string } {
  const head = decoded(noticeHead, text);
  if (!head) return { study: 'unknown', reason: 'what its coordinator says cannot be read' };
  const { protocol, build, study } = head;
  if (protocol !== queueProtocol) {
    const reason = `its coordinator speaks protocol ${protocol} (build ${build}), this worker ${queueProtocol} (build ${ownBuild()})`;
    return { study, reason };
  }
  if (build !== ownBuild()) {
    return { study, reason: `its coordinator is of build ${build}, this worker of ${ownBuild()}` };
  }
  try {
    return decode(studyNotice, text);
  } catch (error) {
    return { study, reason: `what its coordinator says is wrong: ${(error as Error).message}` };
  }
}

/**
 * Why this machine may not train a study, in words; undefined if it may. Fetches data sets that can be
 * fetched.
 * The arithmetic is compared elsewhere, because the first worker of a study decides it.
 */
export async function unfitness(
  notice: StudyNotice,
  { allowCommand, say }: WorkerTerms,
): Promise<string | undefined> {
  const { commands, networks, activation, datasets } = notice;
  if (commands.length > 0 && !allowCommand) {
    return `it runs commands (${commands.join(', ')}), and this worker was started without --allow-command`;
  }
  if (!networks) return undefined;
  const absence = activation === 'fused' ? fusedAbsence() : undefined;
  if (absence !== undefined) return `it computes with the fused kernel, which is not here: ${absence}`;
  try {
    requireTensorflowLibrary();
    for (const [name, sha256] of Object.entries(datasets)) {
      const problem = await dataProblem(name, sha256, say);
      if (problem !== undefined) return problem;
    }
  } catch (error) {
    if (!(error instanceof ActivationSearchError)) throw error;
    return [error.message, error.hint].filter(Boolean).join(' ');
  }
  return undefined;
}

async function dataProblem(
  name: string,
  sha256: string | null,
  say: (text: string) => void,
): Promise<string | undefined> {
  let status = datasetStatus(name);
  if (!status.present || status.problem !== undefined) status = await fetchDataset(name, say);
  if (sha256 === null || status.sha256 === sha256) return undefined;
  const [theirs, own] = [sha256, status.sha256 ?? 'none'].map((hash) => hash.slice(0, 12));
  return `its data set ${name} has the SHA-256 ${theirs}…, that of this machine ${own}…: import the same files here (data import ${name} PATH --replace)`;
}
