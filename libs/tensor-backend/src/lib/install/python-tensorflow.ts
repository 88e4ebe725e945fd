import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { WinnowError } from '@winnow/plugin-api';
import { TENSORFLOW_RANGE, type TensorflowLibrary } from './recipes.ts';

/** A TensorFlow of Python's packages. */
export interface PythonTensorflow {
  readonly version: string;
  /** The folder `tensorflow`, with the libraries and `include`. */
  readonly folder: string;
  /** The folder around it, where CUDA's packages lie too. */
  readonly sitePackages: string;
}

/** Files of TensorFlow that the binding is linked with. */
export const LIBRARIES = ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'] as const;

const wrong = (sentence: string, hint: string) =>
  new WinnowError('WRONG_TENSORFLOW', sentence, { hint });

const { from: OLDEST, to: NEWEST } = TENSORFLOW_RANGE;
const RANGE_HINT = `TensorFlow ${OLDEST} to ${NEWEST} serve; without --from, pip fetches one that does.`;

/** Throws WRONG_TENSORFLOW for a version that was not tried. */
export function assertVersion(version: string): void {
  const [major, minor] = version.split('.').map(Number);
  const within = ({ from, to }: typeof TENSORFLOW_RANGE) => {
    const [first, last] = [from, to].map((it) => Number(it.split('.')[1]));
    return major === 2 && minor! >= first! && minor! <= last!;
  };
  if (within(TENSORFLOW_RANGE)) return;
  throw wrong(
    `TensorFlow ${version} is not one that TensorFlow.js's binding was tried with.`,
    RANGE_HINT,
  );
}

/** The version that a package of TensorFlow says it has. */
function versionIn(sitePackages: string): string | undefined {
  const versions = readdirSync(sitePackages).map(
    (name) => /^tensorflow(?:_cpu|_gpu|_cpu_aws)?-(\d+\.\d+[\w.]*)\.dist-info$/i.exec(name)?.[1],
  );
  return versions.find(Boolean);
}

/** Folders `tensorflow` that a person may mean by one: itself, what is in it, that of an environment. */
function candidates(folder: string): string[] {
  const environments = ['lib', 'lib64'].flatMap((lib) => {
    const path = join(folder, lib);
    return existsSync(path)
      ? readdirSync(path).map((python) => join(path, python, 'site-packages', 'tensorflow'))
      : [];
  });
  return [folder, join(folder, 'tensorflow'), ...environments].filter(
    (it) => basename(it) === 'tensorflow' && existsSync(join(it, LIBRARIES[1])),
  );
}

/**
 * The TensorFlow in a folder: of that name, one of site-packages, or of a virtual environment. Throws WRONG_TENSORFLOW
 * where there is none, or none that serves.
 */
export function tensorflowIn(given: string, { cuda }: TensorflowLibrary): PythonTensorflow {
  const [folder] = candidates(resolve(given));
  if (!folder) {
    throw wrong(
      `There is no TensorFlow of Python in ${given}.`,
      'Give the folder "tensorflow" of a Python installation, the site-packages that hold it, or a virtual environment.',
    );
  }
  const sitePackages = dirname(folder);
  const version = versionIn(sitePackages);
  if (!version) {
    throw wrong(
      `The version of ${folder} is not told: there is no tensorflow-*.dist-info beside it.`,
      RANGE_HINT,
    );
  }
  assertVersion(version);
  const lacking = [...LIBRARIES, 'include'].find((name) => !existsSync(join(folder, name)));
  if (lacking) throw wrong(`${folder} lacks ${lacking}.`, RANGE_HINT);
  if (cuda && !isForCuda(folder)) {
    throw wrong(
      `TensorFlow in ${folder} computes on the CPU only.`,
      'Give one of the package tensorflow, not tensorflow-cpu; or install the backend tensorflow.',
    );
  }
  return { version, folder, sitePackages };
}

function isForCuda(folder: string): boolean {
  const path = join(folder, 'python/platform/build_info.py');
  return !existsSync(path) || /['"]is_cuda_build['"], True/.test(readFileSync(path, 'utf8'));
}

/** CUDA's packages that a fetched TensorFlow names, as pip takes them. */
export function cudaRequirements(metadata: string): string[] {
  return [
    ...metadata.matchAll(/^Requires-Dist: (nvidia-[^;]+?)\s*;\s*extra == ["']and-cuda["']/gm),
  ].map(([, requirement]) => requirement!.replace(/[() ]/g, ''));
}
