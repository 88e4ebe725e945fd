import { type Safetensors, decodeSafetensors } from '@winnow/files';
import { readWhole } from '@winnow/files/disk';
import { WinnowError } from '@winnow/plugin-api';
import { decodeTorchSave, isTorchSave } from './torch-save/decode-torch-save.ts';
import { SAVE_STATE_DICT } from './torch-save/unfit.ts';

/** Tensors by name, and their types as the file says them. */
export type PytorchTensors = Pick<Safetensors, 'tensors' | 'dtypes'> &
  Partial<Pick<Safetensors, 'unread'>>;

/** Where the header of a safetensors file begins, and with what. */
const [HEADER_AT, HEADER] = [8, '{'.charCodeAt(0)];

/** What PyTorch wrote, by `torch.save` or as safetensors; the contents tell which. Throws FILE_NOT_READABLE, BAD_PYTORCH, BAD_SAFETENSORS. */
export async function readPytorchFile(path: string): Promise<PytorchTensors> {
  const bytes = await readWhole(path);
  if (isTorchSave(bytes)) return decodeTorchSave(bytes, path);
  if (bytes[HEADER_AT] === HEADER) return decodeSafetensors(bytes, path);
  throw new WinnowError('BAD_PYTORCH', `${path} is neither of torch.save nor safetensors.`, {
    hint: SAVE_STATE_DICT,
  });
}
