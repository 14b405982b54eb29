import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { isInstalled, projectRoot } from '../paths.ts';

const manifest = z.object({
  version: z.string().optional(),
  dependencies: z.record(z.string(), z.string()).optional(),
  optionalDependencies: z.record(z.string(), z.string()).optional(),
  devDependencies: z.record(z.string(), z.string()).optional(),
});

export interface InstalledPackage {
  readonly name: string;
  /** The version that package.json asks for; all are exact. */
  readonly wanted: string;
  readonly installed: string | null;
  readonly kind: 'needed' | 'optional' | 'development';
}

/**
 * The packages that package.json names, with what is installed of them. The installed package does not need
 * those for development: what lies beside it under their names belongs to others.
 */
export function examinePackages(): readonly InstalledPackage[] {
  const { dependencies, optionalDependencies, devDependencies } = readManifest(projectRoot);
  const row =
    (kind: InstalledPackage['kind']) =>
    ([name, wanted]: [string, string]): InstalledPackage => {
      const folder = folderOf(name);
      const installed = folder === undefined ? null : (readManifest(folder).version ?? null);
      return { name, wanted: wanted.replace(/^npm:.*@/, ''), installed, kind };
    };
  return [
    ...Object.entries(dependencies ?? {}).map(row('needed')),
    ...Object.entries(optionalDependencies ?? {}).map(row('optional')),
    ...(isInstalled ? [] : Object.entries(devDependencies ?? {}).map(row('development'))),
  ];
}

/** Where Node finds a package: in the nearest `node_modules` from here upwards that has it. */
function folderOf(name: string, from = projectRoot): string | undefined {
  const folder = join(from, 'node_modules', name);
  if (existsSync(join(folder, 'package.json'))) return folder;
  const parent = dirname(from);
  return parent === from ? undefined : folderOf(name, parent);
}

/** Whether a source file is newer than the build that runs. */
export function buildIsOld(): boolean {
  const built =
    statSync(join(projectRoot, 'build', 'src', 'cli', 'main.js'), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return newest(join(projectRoot, 'src')) > built;
}

function newest(folder: string): number {
  const times = readdirSync(folder, { withFileTypes: true }).map((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? newest(path) : statSync(path).mtimeMs;
  });
  return Math.max(0, ...times);
}

function readManifest(folder: string): z.infer<typeof manifest> {
  return manifest.parse(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')));
}
