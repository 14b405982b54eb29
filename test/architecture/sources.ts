import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { projectRoot } from '../../src/paths.ts';

export interface SourceFile {
  /** Relative to the checkout's root, such as `src/cli/main.ts`. */
  readonly path: string;
  readonly text: string;
  /** The text without comments. */
  readonly code: string;
  /** What it imports, dynamically and for types too: paths of files in the checkout, or package names. */
  readonly imports: readonly string[];
}

/** All files below some folders of the checkout whose names have one of the endings. */
export function sourceFiles(folders: readonly string[], endings: readonly string[]): readonly SourceFile[] {
  return folders.flatMap((folder) =>
    readdirSync(join(projectRoot, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && endings.some((ending) => entry.name.endsWith(ending)))
      .map((entry) => sourceFile(relative(projectRoot, join(entry.parentPath, entry.name)))),
  );
}

/** Chains of imports that lead back to where they began, each as its files in order. */
export function importCycles(files: readonly SourceFile[]): readonly string[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const finished = new Set<string>();
  const cycles: string[] = [];
  const visit = (path: string, chain: readonly string[]): void => {
    const from = chain.indexOf(path);
    if (from >= 0) cycles.push([...chain.slice(from), path].join(' -> '));
    if (from >= 0 || finished.has(path)) return;
    for (const target of byPath.get(path)?.imports ?? []) {
      if (byPath.has(target)) visit(target, [...chain, path]);
    }
    finished.add(path);
  };
  for (const { path } of files) visit(path, []);
  return cycles;
}

// `import … from 'x'`, `export … from 'x'`, `import 'x'`, `import('x')`, `createRequire(…)('x')`
const importForms =
  /^\s*(?:import|export)\b[^'";=()]*?\bfrom\s*'([^']+)'|^\s*import\s*'([^']+)'|\bimport\(\s*'([^']+)'|createRequire\([^)]*\)\(\s*'([^']+)'/gm;

function sourceFile(path: string): SourceFile {
  const text = readFileSync(join(projectRoot, path), 'utf8');
  const code = withoutComments(text);
  const imports = [...code.matchAll(importForms)].map((match) => {
    const target = match.slice(1).find((part) => part !== undefined) ?? '';
    return target.startsWith('.') ? join(path, '..', target) : packageName(target);
  });
  return { path, text, code, imports: [...new Set(imports)] };
}

function packageName(target: string): string {
  if (target.startsWith('node:')) return target;
  return target
    .split('/')
    .slice(0, target.startsWith('@') ? 2 : 1)
    .join('/');
}

/** Strings are stepped over, so that a `//` in an address is no comment. */
function withoutComments(text: string): string {
  const tokens = /'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g;
  return text.replace(tokens, (token) => (token.startsWith('/') ? '' : token));
}
