import { type Safetensors, sizeOf } from '@winnow/files';
import { type Network, WinnowError, prunableOf } from '@winnow/plugin-api';
import { concatenated } from '../write/concatenated.ts';
import { apartFromMasks } from './apart-from-masks.ts';
import type { FlatTicket } from './flat-ticket.ts';
import { ourNames } from './pytorch-names.ts';

/**
 * The masks of `torch.nn.utils.prune` in a PyTorch file, beside weights or alone, as one ticket with the name "mask"; a
 * prunable parameter without one is kept whole. `source` is named in errors. Throws TICKET_MISMATCH where a mask is of no
 * prunable parameter, or of another shape, and BAD_TICKET where it holds anything but 0 and 1.
 */
export function ticketFromPytorch(
  file: Pick<Safetensors, 'tensors' | 'dtypes'>,
  network: Pick<Network, 'name' | 'parameters'>,
  source: string,
): FlatTicket {
  const { tensors, masks } = apartFromMasks(file);
  const known = new Set(network.parameters.map(({ name }) => name));
  const names = ourNames([...new Set([...tensors.keys(), ...masks.keys()])], known);
  const ours = new Map([...masks].map(([theirs, mask]) => [names.get(theirs)!, { theirs, mask }]));
  const parts = prunableOf(network).map(({ name, shape }) => {
    const found = ours.get(name);
    ours.delete(name);
    if (!found) return new Uint8Array(sizeOf(shape)).fill(1);
    const { name: inFile, tensor } = found.mask;
    if (tensor.shape.join() !== shape.join()) {
      throw new WinnowError(
        'TICKET_MISMATCH',
        `"${inFile}" in ${source} has the shape [${tensor.shape.join(', ')}], and "${name}" of ${network.name} has [${shape.join(', ')}].`,
        { hint: 'Choose the model and the options that the file was made with.' },
      );
    }
    return Uint8Array.from(tensor.data as ArrayLike<number>, (value) => {
      const bit = Number(value);
      if (bit === 0 || bit === 1) return bit;
      throw new WinnowError('BAD_TICKET', `"${inFile}" in ${source} holds ${bit}.`, {
        hint: 'A mask holds 0 and 1.',
      });
    });
  });
  for (const { theirs } of ours.values()) {
    throw new WinnowError(
      'TICKET_MISMATCH',
      `"${theirs}" in ${source} is pruned, and is no prunable parameter of ${network.name}.`,
      {
        hint: `Choose the model that the file was made with, or in PyTorch: prune.remove(module, '${theirs.split('.').at(-1)}').`,
      },
    );
  }
  const mask = concatenated(parts);
  return { name: 'mask', mask, kept: mask.reduce((sum, bit) => sum + bit, 0) };
}
