import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type MarkdownPage, parsePage } from './markdown-page.ts';

/** The project's folder. */
export const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

const MADE = new Set(['node_modules', 'dist', 'out-tsc', 'coverage', 'build', 'runs']);

/** Paths of the project's own files whose names end so, from its root, in order. */
export function projectFiles(ending: string, folder = ''): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      if (entry.name.startsWith('.') || MADE.has(entry.name)) return [];
      const path = folder ? `${folder}/${entry.name}` : entry.name;
      if (entry.isDirectory()) return projectFiles(ending, path);
      return entry.name.endsWith(ending) ? [path] : [];
    });
}

export function projectPages(): MarkdownPage[] {
  return projectFiles('.md').map((path) => parsePage(path, readFileSync(join(ROOT, path), 'utf8')));
}

/** Whether a page's blocks are for readers to run, and so for the tests. */
export function isGuide({ path }: MarkdownPage): boolean {
  return /^(?:README|CONTRIBUTING|docs\/[^/]+|(?:libs|apps|examples)\/[^/]+\/README)\.md$/.test(
    path,
  );
}
