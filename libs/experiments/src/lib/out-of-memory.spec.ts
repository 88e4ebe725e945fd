import { beforeAll, expect, it } from '@jest/globals';
import { WinnowError } from '@winnow/plugin-api';
import { cpu } from '@winnow/tensor-backend';
import { withinMemory } from './out-of-memory.ts';
import { RunFolder } from './run-folder.ts';
import { memoryRunStore } from './store/memory-run-store.ts';
import { attemptToy, planToy } from './testing/toy-run.ts';

beforeAll(() => cpu.start());

/** What `@tensorflow/tfjs-node` throws where an op finds no memory. */
const OOM =
  'Invalid TF_Status: 8\nMessage: OOM when allocating tensor with shape[128,16,32,32] and type float on GPU:0';

/** What it throws where cuDNN finds no room to try its algorithms (seen on an NVIDIA H200). */
const NO_ROOM =
  'Invalid TF_Status: 5\nMessage: No algorithm worked!  Error messages: Profiling failure on CUDNN engine eng1{}: RESOURCE_EXHAUSTED: Allocating 9865004048 bytes exceeds the memory limit of 8589934592 bytes.';

/** As WebAssembly throws. */
class RuntimeError extends Error {}

const fail = (error: Error, batchSize = 128) =>
  withinMemory({ backend: 'tensorflow-gpu', recipe: { batchSize } } as never, () =>
    Promise.reject(error),
  );

it.each([
  ["TensorFlow's op", new Error(OOM)],
  ["cuDNN's", new Error(NO_ROOM)],
  ["WebAssembly's", new RuntimeError('unreachable')],
  ["a GPU's", new WinnowError('OUT_OF_MEMORY', 'The GPU is full.', { hint: 'Less.' })],
])('names half the batch where the error is %s', async (_, error) => {
  await expect(fail(error)).rejects.toMatchObject({
    code: 'OUT_OF_MEMORY',
    message: expect.stringMatching(/\. Its batches are of 128 images: try --batch-size 64, /),
    cause: error,
  });
  await expect(fail(error, 7)).rejects.toThrow('--batch-size 3,');
  await expect(fail(error, 1)).rejects.toThrow(/^(?!.*batch-size).*smaller --model/);
});

it('leaves other errors as they are', async () => {
  for (const error of [
    new Error('Invalid TF_Status: 3\nMessage: 8 is no shape'),
    new WinnowError('DEVICE_LOST', 'The GPU is lost.'),
  ])
    await expect(fail(error)).rejects.toBe(error);
});

it('names it in a run, whatever phase it is in', async () => {
  const plan = await planToy({ batchSize: 4 });
  const seen: string[] = [];
  for (const at of ['search', 'train', 'evaluate']) {
    const observer = {
      on(event: { readonly type: string; readonly phase?: string }) {
        if (event.type !== 'step' || event.phase !== at) return;
        seen.push(at);
        throw new Error(OOM);
      },
    };
    const run = attemptToy(plan, new RunFolder(memoryRunStore()), { observer });
    await expect(run).rejects.toMatchObject({
      code: 'OUT_OF_MEMORY',
      sentence: 'The memory of backend "cpu" is full.',
      message: expect.stringContaining('--batch-size 2,'),
    });
  }
  expect(seen).toEqual(['search', 'train', 'evaluate']);
});
