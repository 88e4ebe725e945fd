import { type Dtype, type HostTensor, type Safetensors, sizeOf } from '@winnow/files';
import { LimitReached, limitSentences, limitsFor } from '@winnow/files/confined';
import { WinnowError } from '@winnow/plugin-api';
import { describedTensor } from './described-tensor.ts';
import { stateDictOf } from './state-dict.ts';
import { StoredEntries } from './stored-entries.ts';
import { extentOf, tensorValues } from './tensor-values.ts';
import { Unfit } from './unfit.ts';
import { unpickle } from './unpickle.ts';

const ZIP = Buffer.from('PK\x03\x04', 'latin1');
/** After the protocol of the pickle in it, the number by which PyTorch before 1.6 knew its files. */
const LEGACY = Buffer.from('8a0a6cfc9c46f9206aa850192e', 'hex');
const PICKLE = 0x80;
/** Of a value in memory, at most. */
const VALUE_BYTES = 8;

const startsWith = (bytes: Uint8Array, start: Uint8Array, at = 0) =>
  Buffer.compare(bytes.subarray(at, at + start.length), start) === 0;
const isLegacy = (bytes: Uint8Array) => bytes[0] === PICKLE && startsWith(bytes, LEGACY, 2);

/** Whether a file begins as those of `torch.save` do, of now or before PyTorch 1.6. */
export const isTorchSave = (bytes: Uint8Array): boolean =>
  startsWith(bytes, ZIP) || isLegacy(bytes);

const RESAVE = "In PyTorch: torch.save(torch.load('FILE'), 'weights.pth').";

/** The folder in the archive that everything lies in. */
function folderOf({ names }: StoredEntries): string {
  const pickles = names.filter((name) => /^[^/]*\/data\.pkl$/.test(name));
  const [pickle, another] = pickles;
  if (pickle === undefined || another !== undefined) {
    throw new Unfit('is a zip archive, and none that torch.save writes', 'Unpack it first.');
  }
  const folder = pickle.slice(0, -'data.pkl'.length);
  if (names.includes(`${folder}constants.pkl`)) {
    throw new Unfit(
      'is a TorchScript archive, which holds code that would have to be run',
      "In PyTorch: torch.save(torch.jit.load('FILE').state_dict(), 'weights.pth').",
    );
  }
  return folder;
}

async function decode(bytes: Uint8Array): Promise<Pick<Safetensors, 'tensors' | 'dtypes'>> {
  if (isLegacy(bytes)) throw new Unfit('is in the format of PyTorch before 1.6', RESAVE);
  const entries = await StoredEntries.of(bytes);
  const folder = folderOf(entries);
  const order = `${folder}byteorder`;
  if (entries.names.includes(order) && Buffer.from(entries.read(order)).toString() !== 'little') {
    throw new Unfit('holds values whose highest byte comes first', RESAVE);
  }
  const described = [...stateDictOf(unpickle(entries.read(`${folder}data.pkl`)))].map(
    ([name, value]) => [name, describedTensor(value, name)] as const,
  );
  // Strides of 0 and storages in common make much of few bytes, and little of many.
  const values = described.map(([, one]) => Math.max(sizeOf(one.shape), extentOf(one)));
  const size = values.reduce((sum, count) => sum + VALUE_BYTES * count, 0);
  const limits = limitsFor(bytes.length);
  if (!(size <= limits.memory)) throw new LimitReached(limitSentences.memory(limits));
  const tensors = new Map<string, HostTensor>();
  const dtypes = new Map<string, Dtype>();
  for (const [name, tensor] of described) {
    tensors.set(name, tensorValues(tensor, entries.read(`${folder}data/${tensor.key}`)));
    dtypes.set(name, tensor.dtype);
  }
  return { tensors, dtypes };
}

/**
 * The tensors of what `torch.save` wrote: a state_dict, or a checkpoint with one in it. Nothing in the file is run. `source`
 * is named in errors. Throws BAD_PYTORCH where it is damaged, or holds anything else than one dictionary of plain tensors, and BAD_DATA where
 * that takes more memory than it may.
 */
export async function decodeTorchSave(
  bytes: Uint8Array,
  source: string,
): Promise<Pick<Safetensors, 'tensors' | 'dtypes'>> {
  try {
    return await decode(bytes);
  } catch (error) {
    if (error instanceof LimitReached) {
      throw new WinnowError('BAD_DATA', `${source} is not read: ${error.message}.`, {
        cause: error,
      });
    }
    if (!(error instanceof Unfit)) throw error;
    // As Python writes it between quotes.
    const hint = error.hint.replace('FILE', () => source.replace(/[\\']/g, '\\$&'));
    throw new WinnowError('BAD_PYTORCH', `${source} ${error.message}.`, { hint, cause: error });
  }
}
