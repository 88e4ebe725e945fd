import { availableParallelism, cpus, freemem, totalmem } from 'node:os';
import type { FallbackTrace } from '@winnow/experiments';
import type { BackendDescriptor, BackendDevice, ComponentRegistry } from '@winnow/plugin-api';
import { versions } from './version.ts';

const GIB = 2 ** 30;

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
    /** Of a backend with a choice, that which work goes to first. */
    readonly devices?: readonly BackendDevice[];
  }[];
  /** The backend that `auto` means here. */
  readonly auto?: string | undefined;
  readonly trace?: FallbackTrace;
}

async function devicesOf(
  backend: BackendDescriptor,
): Promise<{ readonly devices?: readonly BackendDevice[] }> {
  try {
    const devices = await backend.devices?.();
    return devices ? { devices } : {};
  } catch {
    // Its start says why.
    return {};
  }
}

/** What this machine offers; tries every backend. */
export async function machineFacts(registry: ComponentRegistry): Promise<MachineFacts> {
  const backends: MachineFacts['backends'][number][] = [];
  for (const backend of registry.all('backend').sort((a, b) => b.priority - a.priority)) {
    const { name } = backend;
    const devices = await devicesOf(backend);
    try {
      await backend.start({ byAuto: true });
      backends.push({ name, starts: true, ...devices });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      backends.push({ name, starts: false, reason, ...devices });
    }
  }
  return {
    versions: versions(),
    processor: cpus()[0]?.model ?? process.arch,
    threads: availableParallelism(),
    memoryGiB: { total: totalmem() / GIB, free: freemem() / GIB },
    backends,
    auto: backends.find((b) => b.starts)?.name,
  };
}
