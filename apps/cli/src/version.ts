import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

export function version(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

/** What a run records about the software that it ran on. */
export function versions(): Record<string, string> {
  const require = createRequire(import.meta.url);
  const tfjs = require('@tensorflow/tfjs-core/package.json') as { version: string };
  return { winnow: version(), node: process.versions.node, tfjs: tfjs.version };
}
