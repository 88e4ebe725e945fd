import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, projectFiles } from './project-files.ts';

const TABLE = 'docs/run-folder.md';

const sources = () =>
  ['libs', 'apps']
    .flatMap((folder) => projectFiles('.ts', folder))
    .filter((path) => !path.endsWith('.spec.ts'))
    .map((path) => readFileSync(join(ROOT, path), 'utf8'))
    .join('\n');

/** Codes of the errors that the libraries and the program make. */
export function thrownCodes(): Set<string> {
  return new Set([...sources().matchAll(/new WinnowError\(\s*'([A-Z_]+)'/g)].map((m) => m[1]!));
}

/** Codes that the table has and no source spells. */
export function obsoleteCodes(): string[] {
  const all = sources();
  return [...documentedCodes()].filter((code) => !all.includes(`'${code}'`));
}

/** Codes in the first column of the documentation's table. */
export function documentedCodes(): Set<string> {
  const page = readFileSync(join(ROOT, TABLE), 'utf8');
  const table = page.slice(page.indexOf('## Error codes'));
  const cells = table.split('\n').flatMap((line) => /^\| (`[^|]+)\|/.exec(line)?.[1] ?? []);
  return new Set(cells.flatMap((cell) => [...cell.matchAll(/`([A-Z_]+)`/g)].map((m) => m[1]!)));
}
