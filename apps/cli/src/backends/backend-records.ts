import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { MEASURED_STEP, canonicalJson } from '@winnow/experiments';
import { writeWhole } from '@winnow/files/disk';
import type { BackendDevice } from '@winnow/plugin-api';
import { installedVersions } from '@winnow/tensor-backend/node';
import type { Ground } from './ground.ts';

/** What came of measuring a backend. */
export interface MeasuredStep {
  readonly backend: string;
  /** The median; nothing where there is a reason for it. */
  readonly stepMs?: number | undefined;
  readonly reason?: string | undefined;
  /** Beside one to warm up; with 0 it is that one which was measured. */
  readonly steps: number;
  /** ISO 8601 */
  readonly at: string;
  readonly on: Ground;
  /** Of a backend with a choice. */
  readonly devices?: readonly BackendDevice[] | undefined;
}

/** What this machine keeps of backends. */
export interface BackendRecords {
  /** Versions of what was installed for one; none where nothing was. */
  installed(backend: string): Readonly<Record<string, string>>;
  /** One of a backend at most. */
  steps(): readonly MeasuredStep[];
  /** In place of all that were kept. Throws FILE_NOT_WRITABLE. */
  keep(steps: readonly MeasuredStep[]): Promise<void>;
}

interface StepsFile {
  readonly step: typeof MEASURED_STEP;
  readonly backends: readonly MeasuredStep[];
}

const isStep = ({ backend, stepMs, at, on }: Partial<MeasuredStep>) =>
  typeof backend === 'string' &&
  typeof at === 'string' &&
  typeof on === 'object' &&
  (stepMs === undefined || (typeof stepMs === 'number' && stepMs > 0));

/** A file of the user's cache: XDG_CACHE_HOME names its folder. */
export function measuredStepsFile(): string {
  const cache = process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache');
  return join(cache, 'winnow', 'measured-steps.json');
}

function read(path: string): readonly MeasuredStep[] {
  try {
    const file = JSON.parse(readFileSync(path, 'utf8')) as Partial<StepsFile>;
    if (canonicalJson(file.step) !== canonicalJson(MEASURED_STEP)) return [];
    return file.backends!.filter(isStep);
  } catch {
    // It is a cache: one that cannot be read is as good as none.
    return [];
  }
}

export const recordsHere: BackendRecords = {
  installed: installedVersions,
  steps: () => read(measuredStepsFile()),
  keep(backends) {
    const file: StepsFile = { step: MEASURED_STEP, backends };
    return writeWhole(measuredStepsFile(), `${JSON.stringify(file, null, 2)}\n`);
  },
};

/** Those of a machine that has nothing installed, unless told otherwise. */
export function memoryRecords(
  kept: readonly MeasuredStep[] = [],
  installed: Readonly<Record<string, Readonly<Record<string, string>>>> = {},
): BackendRecords {
  let steps = kept;
  return {
    installed: (backend) => installed[backend] ?? {},
    steps: () => steps,
    keep: (others) => {
      steps = others;
      return Promise.resolve();
    },
  };
}
