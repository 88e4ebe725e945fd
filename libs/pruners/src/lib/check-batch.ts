import { type Batch, type Network, WinnowError } from '@winnow/plugin-api';

/**
 * Throws BAD_DATA where images are not of the size that a network takes, or have not one label each, or one that it has no
 * logit for.
 */
export async function checkBatch(
  { images, labels }: Batch,
  network: Network,
  what: 'scored' | 'held-out',
): Promise<void> {
  const { height, width, channels } = network.input;
  const due = [labels.size, height, width, channels];
  if (images.shape.join() !== due.join()) {
    throw new WinnowError(
      'BAD_DATA',
      `The ${what} images are [${images.shape.join(', ')}] where ${network.name} and the labels ask for [${due.join(', ')}].`,
      { hint: 'Give images of the size that the network takes, and a label for each.' },
    );
  }
  const { checkLabels } = await import('@winnow/training');
  checkLabels({ labels: await labels.data<'int32'>() }, network, what);
}
