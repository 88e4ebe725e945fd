import { cpSync, existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type Manifest, type UnpackedPackage, link, needs } from './unpack-packages.ts';

const MADE = ['node_modules', 'dist', 'out-tsc', 'runs'];

/**
 * Copies an example out of the workspace at `root` without what was made there, and lays beside it what it declares, for
 * development too: ours as packed, others' from the workspace.
 */
export function copyOut(
  example: string,
  target: string,
  packages: readonly UnpackedPackage[],
  root: string,
): void {
  const original = join(root, 'examples', example);
  cpSync(original, target, { recursive: true, filter: (path) => !MADE.includes(basename(path)) });
  const manifest = JSON.parse(readFileSync(join(original, 'package.json'), 'utf8')) as Manifest & {
    readonly devDependencies?: Readonly<Record<string, string>>;
  };
  const ours = new Map(packages.map((one) => [one.manifest.name, one.folder]));
  for (const name of [...needs(manifest), ...Object.keys(manifest.devDependencies ?? {})]) {
    const own = join(original, 'node_modules', name);
    const others = existsSync(own) ? own : join(root, 'node_modules', name);
    link(ours.get(name) ?? others, join(target, 'node_modules', name));
  }
}
