import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { assertVersion, tensorflowIn } from './python-tensorflow.ts';

const LIBRARY = { wheel: 'tensorflow-cpu', cuda: false, binding: '@tensorflow/tfjs-node' };
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'winnow-python-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function install(distribution: string, files: readonly string[]): void {
  mkdirSync(join(folder, 'tensorflow/include'), { recursive: true });
  mkdirSync(join(folder, `${distribution}.dist-info`));
  for (const file of files) writeFileSync(join(folder, 'tensorflow', file), '');
}

const BOTH = ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'];

describe('the versions of TensorFlow', () => {
  it.each(['2.12.0', '2.15.1', '2.20.0', '2.21.0', '2.21.0rc1'])('%s serves', (version) => {
    expect(() => assertVersion(version)).not.toThrow();
  });

  it.each(['1.15.5', '2.9.3', '2.11.1', '2.22.0', '3.0.0'])('%s is refused', (version) => {
    expect(() => assertVersion(version)).toThrow(
      `TensorFlow ${version} is not one that TensorFlow.js's binding was tried with. TensorFlow 2.12 to 2.21 serve`,
    );
  });
});

describe("Python's TensorFlow", () => {
  it('is found by its own folder and by that around it', () => {
    install('tensorflow_cpu-2.20.0', BOTH);
    const found = {
      version: '2.20.0',
      folder: join(folder, 'tensorflow'),
      sitePackages: folder,
    };
    expect(tensorflowIn(folder, LIBRARY)).toEqual(found);
    expect(tensorflowIn(join(folder, 'tensorflow'), LIBRARY)).toEqual(found);
  });

  it('is refused where it is none, too old, or not whole', () => {
    expect(() => tensorflowIn(folder, LIBRARY)).toThrow(
      `There is no TensorFlow of Python in ${folder}.`,
    );
    install('tensorflow-2.11.1', BOTH.slice(1));
    expect(() => tensorflowIn(folder, LIBRARY)).toThrow('TensorFlow 2.11.1 is not one');
    rmSync(join(folder, 'tensorflow-2.11.1.dist-info'), { recursive: true });
    expect(() => tensorflowIn(folder, LIBRARY)).toThrow('The version of');
    install('tensorflow-2.20.0', []);
    expect(() => tensorflowIn(folder, LIBRARY)).toThrow('lacks libtensorflow_cc.so.2.');
  });
});
