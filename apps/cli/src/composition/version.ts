import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { commitOf } from './commit.ts';

const require = createRequire(import.meta.url);

/** The clone of Winnow, where this package lies in one. */
export const CLONE = fileURLToPath(new URL('../../../../', import.meta.url));

interface Manifest {
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
}

export function version(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as Manifest).version;
}

const tfjs = () => (require('@tensorflow/tfjs-core/package.json') as Manifest).version;

/** What a run records about the software that it ran on. */
export function versions(): Record<string, string> {
  const commit = commitOf(CLONE);
  const own = { winnow: version(), node: process.versions.node, tfjs: tfjs() };
  return commit === undefined ? own : { ...own, commit };
}

/** Of Winnow, and of what a plugin must have the same copy of. */
export function versionsForPlugins() {
  const { dependencies } = require('@winnow/plugin-api/package.json') as Manifest;
  return { winnow: version(), tfjs: tfjs(), zod: dependencies['zod']! };
}
