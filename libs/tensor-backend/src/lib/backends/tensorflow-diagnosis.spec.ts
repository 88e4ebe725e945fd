import { describe, expect, it } from '@jest/globals';
import { graphicsDriver, whyNotLoaded } from './tensorflow-diagnosis.ts';

const problem = (message: string, code = 'ERR_DLOPEN_FAILED', folder?: string) =>
  whyNotLoaded('tensorflow-gpu', Object.assign(new Error(message), { code }), folder);

describe('why TensorFlow is not loaded', () => {
  // As Node and the loader of glibc say it.
  it.each([
    [
      "Cannot find module '@tensorflow/tfjs-node-gpu/package.json'\nRequire stack:\n- /a",
      'MODULE_NOT_FOUND',
      'Backend "tensorflow-gpu" is not installed. Install it with: winnow backend install tensorflow-gpu',
    ],
    [
      "Cannot find module '/b/lib/napi-v8/tfjs_binding.node'",
      'MODULE_NOT_FOUND',
      /^Backend "tensorflow-gpu" is there without its binding\. Make it again: winnow backend remove/,
    ],
    [
      'libtensorflow_cc.so.2: cannot open shared object file: No such file or directory',
      'ERR_DLOPEN_FAILED',
      /^Backend "tensorflow-gpu" lacks the library libtensorflow_cc\.so\.2\. Make it again/,
    ],
    [
      'libcudart.so.11.0: cannot open shared object file: No such file or directory',
      'ERR_DLOPEN_FAILED',
      /needs another CUDA than is here: it lacks libcudart\.so\.11\.0\./,
    ],
    [
      "/lib/x86_64-linux-gnu/libstdc++.so.6: version `GLIBCXX_3.4.32' not found (required by /b.node)",
      'ERR_DLOPEN_FAILED',
      /newer compiler or C library than this machine's \(GLIBCXX_3\.4\.32 is missing\)/,
    ],
    [
      '/b.node: undefined symbol: TFE_NewContext',
      'ERR_DLOPEN_FAILED',
      /does not load \(\/b\.node: undefined symbol: TFE_NewContext\)/,
    ],
  ])('%s', (message, code, told) => {
    const error = problem(message, code);
    expect(error.code).toBe('BACKEND_UNAVAILABLE');
    expect(error.message).toEqual(typeof told === 'string' ? told : expect.stringMatching(told));
  });

  it('tells a folder without its packages from none', () => {
    const message = "Cannot find module '@tensorflow/tfjs-node-gpu/package.json'";
    expect(problem(message, 'MODULE_NOT_FOUND', '/backends/gpu').message).toMatch(
      /^Backend "tensorflow-gpu" is not whole in \/backends\/gpu\. Make it again/,
    );
  });
});

describe('the driver of a GPU', () => {
  it('is there where the system shows one of its files', () => {
    expect(graphicsDriver(() => false)).toBe(false);
    expect(graphicsDriver((path) => path === '/dev/nvidiactl')).toBe(true);
    expect(graphicsDriver((path) => path === '/dev/dxg')).toBe(true);
  });
});
