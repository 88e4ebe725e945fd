import { type Safetensors, decodeSafetensors } from '@winnow/files';
import { readWhole } from '@winnow/files/disk';
import { decodeTorchSave, isTorchSave } from './torch-save/decode-torch-save.ts';

/** Tensors by name, and their types as the file says them. */
export type PytorchTensors = Pick<Safetensors, 'tensors' | 'dtypes'> &
  Partial<Pick<Safetensors, 'unread'>>;

/** What PyTorch wrote, by `torch.save` or as safetensors; the contents tell which. Throws FILE_NOT_READABLE, BAD_PYTORCH, BAD_SAFETENSORS. */
export async function readPytorchFile(path: string): Promise<PytorchTensors> {
  const bytes = await readWhole(path);
  return isTorchSave(bytes) ? decodeTorchSave(bytes, path) : decodeSafetensors(bytes, path);
}
