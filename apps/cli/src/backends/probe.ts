import {
  type BackendNumbers,
  backendNumbers,
  opsThatLoseNaN,
  takeMeasuredSteps,
} from '@winnow/experiments';
import type { BackendDescriptor, BackendDevice, ComponentRegistry } from '@winnow/plugin-api';
import type { Start } from '../composition/start-of.ts';

/** What is to be found out about a backend. */
export interface ProbeWish {
  readonly backend: string;
  /** Files of the plugins among which it may be. */
  readonly plugins: readonly string[] | 'none';
  /** Whether it is started by its name, and not as `auto` does. */
  readonly byName?: boolean;
  /** Whether steps are to be timed. */
  readonly measure: boolean;
  /** Whether it is to be seen what it computes. */
  readonly check: boolean;
}

/** What was found out, as far as it came. */
export interface Probe {
  /** As it was to be started. */
  starts?: boolean;
  /** Why it does not. */
  reason?: string;
  devices?: readonly BackendDevice[];
  /** Milliseconds of each. */
  readonly steps: number[];
  numbers?: BackendNumbers;
  losesNaN?: readonly string[];
  /** Why there is no more, where it broke off. */
  broke?: string;
  /** Whether that was its time limit. */
  late?: boolean;
}

/** Finds it out in a process that holds nothing else, or in this one. Never throws. */
export type ProbeBackend = (wish: ProbeWish) => Promise<Probe>;

/** A part of what is found out, told as soon as it is known. */
export type Finding = Omit<Partial<Probe>, 'steps'> & { readonly stepMs?: number };

export function added({ steps, ...known }: Probe, { stepMs, ...found }: Finding): Probe {
  return { ...known, ...found, steps: stepMs === undefined ? steps : [...steps, stepMs] };
}

/** Whether it starts, or why not. */
export function startFound(backend: string, { starts = false, reason, broke }: Probe): Start {
  if (starts) return { starts };
  return { starts, reason: reason ?? `Backend "${backend}" does not start: ${broke}.` };
}

export const reasonOf = (error: unknown) =>
  error instanceof Error ? error.message : String(error);

/** Told of a finding; done when it is on its way. */
export type Tell = (finding: Finding) => void | Promise<void>;

/** Whether it starts by its name, where `auto` had better not take it. */
async function startsByName(backend: BackendDescriptor): Promise<boolean> {
  try {
    await backend.start();
    return true;
  } catch {
    return false;
  }
}

/** Does it in this process. Never throws. */
export async function findOut(
  { backend: name, byName = false, measure, check }: ProbeWish,
  registry: ComponentRegistry,
  tell: Tell,
): Promise<void> {
  const backend = registry.get('backend', name);
  const devices = await backend.devices?.().catch(() => undefined);
  if (devices) await tell({ devices });
  try {
    await backend.start({ byAuto: !byName });
    await tell({ starts: true });
  } catch (error) {
    await tell({ starts: false, reason: reasonOf(error) });
    if (!(measure || check) || !(await startsByName(backend))) return;
  }
  try {
    if (check) {
      await tell({ losesNaN: opsThatLoseNaN() });
      await tell({ numbers: backendNumbers(registry) });
    }
    if (measure) await takeMeasuredSteps(registry, (stepMs) => void tell({ stepMs }));
  } catch (error) {
    await tell({ broke: reasonOf(error) });
  }
}
