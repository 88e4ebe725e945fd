import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, delimiter, join } from 'node:path';
import { ROOT } from './project-files.ts';

export interface ScratchFolder {
  readonly path: string;
  /** The environment of what runs there: `winnow` and `npx winnow` are the built program. */
  readonly env: NodeJS.ProcessEnv;
  remove(): void;
}

const MADE = ['node_modules', 'dist', 'out-tsc', 'runs'];

/**
 * An empty folder outside the project, or a copy of one of the project's without what is made there, from where the
 * project's packages can be imported.
 */
export function scratchFolder(original?: string): ScratchFolder {
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'winnow-page-')));
  if (original) {
    const filter = (source: string) => !MADE.includes(basename(source));
    cpSync(join(ROOT, original), path, { recursive: true, filter });
  }
  symlinkSync(join(ROOT, 'node_modules'), join(path, 'node_modules'), 'dir');
  const bin = join(path, '.bin');
  mkdirSync(bin);
  const winnow = `exec '${process.execPath}' '${join(ROOT, 'apps/cli/bin/winnow.js')}' "$@"`;
  const scripts = {
    winnow,
    // The real npx does the same, but takes half a second to find out.
    npx: `if [ "$1" = winnow ]; then shift; ${winnow}; fi\nPATH=\${PATH#*:} exec npx "$@"`,
  };
  for (const [name, script] of Object.entries(scripts)) {
    writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  }
  // Jest's own, which would reach the programs that pages run.
  const { NODE_OPTIONS: _, ...inherited } = process.env;
  return {
    path,
    env: { ...inherited, PATH: `${bin}${delimiter}${process.env['PATH']}` },
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}
