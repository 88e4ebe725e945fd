import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { canonicalJson } from '@winnow/experiments';
import type { BackendDescriptor, PluginRecord } from '@winnow/plugin-api';
import { versions } from '../composition/version.ts';

/** What a measured step holds for: where any of it is another, it is to be measured again. */
export interface Ground {
  readonly processor: string;
  readonly threads: number;
  /** Of Winnow, Node, TensorFlow.js, and what the backend is made of. */
  readonly versions: Readonly<Record<string, string>>;
  /** NVIDIA's, as it calls itself; of external backends. */
  readonly driver?: string;
}

export const processor = () => cpus()[0]?.model ?? process.arch;

const DRIVER = '/proc/driver/nvidia/version';

/** NVIDIA's driver on Linux, if there is one. */
export function nvidiaDriver(): string | undefined {
  if (!existsSync(DRIVER)) return undefined;
  return readFileSync(DRIVER, 'utf8').split('\n')[0]!.replace(/\s+/g, ' ').trim();
}

/** That of a backend now; `installed` are the versions of what it is made of. */
export function groundOf(
  backend: BackendDescriptor,
  installed: Readonly<Record<string, string>>,
  plugins: readonly PluginRecord[],
): Ground {
  const plugin = plugins.find(({ name }) => name === backend.plugin);
  const driver = backend.external ? nvidiaDriver() : undefined;
  return {
    processor: processor(),
    threads: Number(process.env['WINNOW_THREADS']) || availableParallelism(),
    versions: { ...versions(), ...installed, ...(plugin && { [plugin.name]: plugin.sha256 }) },
    ...(driver !== undefined && { driver }),
  };
}

export const sameGround = (a: Ground, b: Ground) => canonicalJson(a) === canonicalJson(b);
