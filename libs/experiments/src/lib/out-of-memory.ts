import { WinnowError, isWinnowError } from '@winnow/plugin-api';
import type { RunConfig } from './run-config.ts';

/** Of an error of TensorFlow, whose status 8 is RESOURCE_EXHAUSTED; on a CPU, of C++. */
const TENSORFLOW = /OOM when allocating|Invalid TF_Status: 8\b|RESOURCE_EXHAUSTED|std::bad_alloc/;

/** What ran out of memory, in a sentence, if that is what went wrong. */
function sentenceOf(error: unknown, backend: string): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if (isWinnowError(error)) return error.code === 'OUT_OF_MEMORY' ? error.sentence : undefined;
  // WebAssembly says no more than this when its memory, at most 4 GiB, is full.
  if (error.constructor.name === 'RuntimeError')
    return 'The wasm backend broke off, most likely as its memory is full.';
  if (!TENSORFLOW.test(error.message)) return undefined;
  return `The memory of backend "${backend}" is full.`;
}

/** Does work; where the memory of a backend does not do for it, throws OUT_OF_MEMORY with a hint. */
export async function tellingMemory<T>(
  backend: string,
  hint: string,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const sentence = sentenceOf(error, backend);
    if (sentence === undefined) throw error;
    throw new WinnowError('OUT_OF_MEMORY', sentence, { hint, cause: error });
  }
}

function hintFor(batchSize: number): string {
  if (batchSize === 1) return 'Take a smaller --model, or another --backend.';
  const half = Math.floor(batchSize / 2);
  return `Its batches are of ${batchSize} images: try --batch-size ${half}, which makes another run (with --out, give another folder).`;
}

/** Does the work of a run; where memory does not do for it, throws OUT_OF_MEMORY with the batch size to try. */
export function withinMemory<T>(
  { recipe, backend }: Pick<RunConfig, 'recipe' | 'backend'>,
  work: () => Promise<T>,
): Promise<T> {
  return tellingMemory(backend, hintFor(recipe.batchSize), work);
}
