import { execFile } from 'node:child_process';
import { homedir, hostname, release, userInfo } from 'node:os';
import { basename } from 'node:path';
import { type BackendNumbers, MEASURED_STEP, relativeDifference } from '@winnow/experiments';
import { writeWhole } from '@winnow/files/disk';
import type { BackendFacts, MachineFacts } from '../composition/machine.ts';
import { nvidiaDriver } from './ground.ts';

/** What others are compared with: it comes with Winnow, and every machine has it. */
const REFERENCE = 'wasm';
/** Of the largest magnitude, as the conformance suite has it. */
const TOLERANCE = 1e-4;

const PATH = /(^|[\s'"`(=:])(?:~|[A-Za-z]:)?[\\/][^\s'"`),;]+/g;
/** With spaces, as in a Windows user's name. */
const QUOTED_PATH = /(['"`])(?:~|[A-Za-z]:)?[\\/][^'"`]+\1/g;

const literal = (name: string) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Text without what tells who or where: paths, and the names of the user and the host. */
export function anonymous(text: string, names: readonly string[]): string {
  // Names first, since those with spaces would cut a path in two.
  const nameless = names
    .filter((name) => name !== '')
    .reduce(
      (left, name) =>
        left.replace(
          new RegExp(`(?<![\\p{L}\\p{N}_-])${literal(name)}(?![\\p{L}\\p{N}_-])`, 'gu'),
          'NAME',
        ),
      text,
    );
  return nameless.replace(QUOTED_PATH, '$1PATH$1').replace(PATH, '$1PATH');
}

/** Every text within, those of keys apart. */
function anonymousIn(value: unknown, names: readonly string[]): unknown {
  if (typeof value === 'string') return anonymous(value, names);
  if (Array.isArray(value)) return value.map((part) => anonymousIn(part, names));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [key, anonymousIn(part, names)]),
  );
}

function namesHere(): string[] {
  try {
    return [userInfo().username, basename(homedir()), hostname()];
  } catch {
    // A user that the system does not know.
    return [basename(homedir()), hostname()];
  }
}

/** What NVIDIA's tool says of its GPUs, a line each; nothing where it is not there. */
function nvidiaGpus(): Promise<string[]> {
  const query = ['--query-gpu=name,driver_version,memory.total', '--format=csv,noheader'];
  return new Promise((resolve) => {
    execFile('nvidia-smi', query, { timeout: 10_000 }, (error, out) => {
      resolve(error ? [] : out.trim().split('\n'));
    });
  });
}

function agreement(numbers: BackendNumbers, reference: BackendNumbers) {
  const gradient = relativeDifference(numbers.gradient, reference.gradient);
  const searched = relativeDifference(numbers.searched, reference.searched);
  return { with: REFERENCE, gradient, searched, agrees: Math.max(gradient, searched) <= TOLERANCE };
}

function reported({ checked, ...facts }: BackendFacts, reference: BackendNumbers | undefined) {
  const { numbers, losesNaN } = checked ?? {};
  return {
    ...facts,
    ...(numbers && reference && { agreement: agreement(numbers, reference) }),
    ...(losesNaN && { losesNaN }),
  };
}

/** Writes what is known of a machine and its backends, whole or not at all, and gives it. Throws FILE_NOT_WRITABLE. */
export async function gpuReport(
  { backends, ...machine }: MachineFacts,
  file: string,
  names = namesHere(),
): Promise<unknown> {
  const reference = backends.find(({ name }) => name === REFERENCE)?.checked?.numbers;
  const report = anonymousIn(
    {
      format: 'winnow-gpu-report 1',
      at: new Date().toISOString(),
      platform: { system: process.platform, release: release(), architecture: process.arch },
      ...machine,
      nvidia: { driver: nvidiaDriver(), gpus: await nvidiaGpus() },
      step: MEASURED_STEP,
      backends: backends.map((facts) => reported(facts, reference)),
    },
    names,
  );
  await writeWhole(file, `${JSON.stringify(report, null, 2)}\n`);
  return report;
}
