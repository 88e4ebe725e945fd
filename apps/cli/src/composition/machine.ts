import { availableParallelism, cpus, freemem, totalmem } from 'node:os';
import type { FallbackTrace } from '@winnow/experiments';
import type { ComponentRegistry } from '@winnow/plugin-api';
import { versions } from './version.ts';

const GIB = 2 ** 30;
/** Backends that there will be. */
const PLANNED = [{ name: 'webgpu', starts: false, reason: 'it is not in this version' }];

export interface MachineFacts {
  readonly versions: Readonly<Record<string, string>>;
  readonly processor: string;
  readonly threads: number;
  readonly memoryGiB: { readonly total: number; readonly free: number };
  /** Those that `auto` prefers first. */
  readonly backends: readonly {
    readonly name: string;
    readonly starts: boolean;
    readonly reason?: string;
  }[];
  /** The backend that `auto` means here. */
  readonly auto?: string | undefined;
  readonly trace?: FallbackTrace;
}

/** What this machine offers; tries every backend. */
export async function machineFacts(registry: ComponentRegistry): Promise<MachineFacts> {
  const backends: MachineFacts['backends'][number][] = [];
  for (const backend of registry.all('backend').sort((a, b) => b.priority - a.priority)) {
    try {
      await backend.start();
      backends.push({ name: backend.name, starts: true });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      backends.push({ name: backend.name, starts: false, reason });
    }
  }
  backends.push(...PLANNED);
  return {
    versions: versions(),
    processor: cpus()[0]?.model ?? process.arch,
    threads: availableParallelism(),
    memoryGiB: { total: totalmem() / GIB, free: freemem() / GIB },
    backends,
    auto: backends.find((b) => b.starts)?.name,
  };
}
