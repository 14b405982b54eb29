import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { z } from 'zod';
import { projectRoot } from '../paths.ts';
import { libraryLinkFolder, tfjsFolder } from '../tensorflow-library.ts';

/** scripts/setup/tensorflow.json: the wheels that the set-up knows. */
const wheelTable = z.object({
  version: z.string(),
  platforms: z.record(
    z.string(),
    z.object({
      tested: z.boolean(),
      package: z.string(),
      libraries: z.array(z.object({ name: z.string(), sha256: z.string(), links: z.array(z.string()) })),
    }),
  ),
});

const loadedFacts = z.object({
  tensorflow: z.string(),
  oneDnn: z.boolean(),
  fused: z.strictObject({ trouble: z.string().nullable(), instructionSet: z.string().nullable() }),
});

export interface TensorflowState {
  /** The version that TensorFlow says it has; null if it does not load. */
  readonly version: string | null;
  /** `wheel`: from PyPI, by the set-up; `installer`: by tfjs-node's own installer. */
  readonly source: 'wheel' | 'installer' | 'missing';
  readonly package: string | null;
  /** The folder that really holds the libraries. */
  readonly folder: string | null;
  /** `verified`: the SHA-256 of each library is the pinned one; `unknown` if none is pinned. */
  readonly hashes: 'verified' | 'wrong' | 'unknown';
  /** Whether this kind of machine was tested by the makers of this tool. */
  readonly platformTested: boolean;
  readonly oneDnn: boolean | null;
  /** The native kernel for activations: its instruction set, or why there is none. */
  readonly fused: { readonly instructionSet: string | null; readonly trouble: string | null };
  readonly problems: readonly string[];
}

/** TensorFlow's library and addon: where they come from, whether they are whole, whether they load. */
export async function examineTensorflow(): Promise<TensorflowState> {
  const table = wheelTable.parse(
    JSON.parse(readFileSync(join(projectRoot, 'scripts', 'setup', 'tensorflow.json'), 'utf8')),
  );
  const row = table.platforms[`${process.platform}-${process.arch}`];
  const files = (row?.libraries ?? []).map((library) => ({
    ...library,
    file: resolved(library.links[0] ?? library.name),
  }));
  const found = files.filter(({ file }) => file !== null);
  const folder = found[0]?.file ? dirname(found[0].file) : null;
  const fromWheel = folder !== null && found.every(({ file, name }) => file?.endsWith(join('lib', name)));
  const inPlace = folder?.startsWith(tfjsFolder) ?? false;
  const source = found.length === 0 ? 'missing' : fromWheel && !inPlace ? 'wheel' : 'installer';
  const wrong = source === 'wheel' ? await wrongFiles(files) : [];
  const facts = await loadInChild();
  const problems = [
    ...(source === 'missing' ? ["TensorFlow's library is not there"] : []),
    ...wrong.map((file) => `${file} is missing or damaged: its SHA-256 is not the pinned one`),
    ...('trouble' in facts ? [`TensorFlow does not load: ${facts.trouble}`] : []),
  ];
  return {
    version: 'trouble' in facts ? null : facts.tensorflow,
    source,
    package: source === 'wheel' && row ? `${row.package} ${table.version}` : null,
    folder,
    hashes: source !== 'wheel' ? 'unknown' : wrong.length === 0 ? 'verified' : 'wrong',
    platformTested: row?.tested ?? false,
    oneDnn: 'trouble' in facts ? null : facts.oneDnn,
    fused: 'trouble' in facts ? { instructionSet: null, trouble: facts.trouble } : facts.fused,
    problems,
  };
}

function resolved(link: string): string | null {
  const file = join(libraryLinkFolder, link);
  return existsSync(file) ? realpathSync(file) : null;
}

async function wrongFiles(
  files: readonly { name: string; file: string | null; sha256: string }[],
): Promise<string[]> {
  const verdicts = await Promise.all(
    files.map(async ({ file, sha256 }) => file !== null && (await hashOf(file)) === sha256),
  );
  return files.filter((_, index) => !verdicts[index]).map(({ file, name }) => file ?? name);
}

async function hashOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), hash);
  return hash.digest('hex');
}

/** Loads TensorFlow in another process, because it ends the process if something is wrong. */
async function loadInChild(): Promise<z.infer<typeof loadedFacts> | { readonly trouble: string }> {
  const arithmetic = new URL('../arithmetic.js', import.meta.url).href;
  const tensorflow = new URL('../tensorflow.js', import.meta.url).href;
  const fused = new URL('../activation/fused-addon.js', import.meta.url).href;
  const script = `
    import { arithmeticFacts } from ${JSON.stringify(arithmetic)};
    import { constant, download, execute } from ${JSON.stringify(tensorflow)};
    import { fusedAddon, fusedTrouble } from ${JSON.stringify(fused)};
    const sum = download(execute('AddV2', [constant(40), constant(2)]))[0];
    if (sum !== 42) throw new Error('40 + 2 gave ' + sum);
    const trouble = fusedTrouble() ?? null;
    const instructionSet = trouble === null ? fusedAddon().instructionSet() : null;
    process.stdout.write(JSON.stringify({ ...arithmeticFacts(), fused: { trouble, instructionSet } }));`;
  try {
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
      timeout: 60_000,
    });
    return loadedFacts.parse(JSON.parse(stdout));
  } catch (error) {
    const { stderr, message } = error as { stderr?: string; message: string };
    const lines = (stderr || message).split('\n');
    return { trouble: (lines.find((line) => /error/i.test(line)) ?? lines[0] ?? 'unknown').trim() };
  }
}
