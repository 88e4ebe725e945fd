// Each parser of files that others wrote, by the folder of its corpus unless it names another: what stands around the file,
// and how it is read. It ends, or throws a WinnowError; all else is a fault.
import { copyFile, link, mkdir, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readHdf5Tickets, readPytorchFile } from '@winnow/exchange/files';
import { cifar10, imageFolder, mnist, parquet, tensorFile, verifyDataset } from '@winnow/datasets';
import { bytesPerValue, decodeSafetensors } from '@winnow/files';
import { WinnowError } from '@winnow/plugin-api';
import { describedTensor } from '../../libs/exchange/dist/lib/read/torch-save/described-tensor.js';
import { stateDictOf } from '../../libs/exchange/dist/lib/read/torch-save/state-dict.js';
import { tensorValues } from '../../libs/exchange/dist/lib/read/torch-save/tensor-values.js';
import { Unfit } from '../../libs/exchange/dist/lib/read/torch-save/unfit.js';
import { unpickle } from '../../libs/exchange/dist/lib/read/torch-save/unpickle.js';
import { pluginsOf, readConfigFile } from '../../apps/cli/dist/flags/config-file.js';

const put = async (folder, name, bytes) => {
  await writeFile(join(folder, name), bytes);
  return join(folder, name);
};
const verified = async (opening) =>
  verifyDataset(await opening, new AbortController().signal, () => {});

/** A parser that reads a file of one's own making among others that are right. */
function among(make, name, read) {
  return {
    make,
    async read(bytes, folder) {
      // Other names of the same file may hold it.
      await rm(join(folder, name), { force: true });
      await put(folder, name, bytes);
      await read(folder);
    },
  };
}

async function imageTree(folder, corpus) {
  for (const name of ['a', 'b']) {
    await mkdir(join(folder, name));
    for (let i = 0; i < 6; i++) {
      await copyFile(join(corpus, 'rgb-png'), join(folder, name, `${i}.png`));
    }
  }
}

async function idxFolder(folder, corpus) {
  for (const part of ['train', 't10k']) {
    await copyFile(join(corpus, 'images'), join(folder, `${part}-images-idx3-ubyte`));
    await copyFile(join(corpus, 'labels'), join(folder, `${part}-labels-idx1-ubyte`));
  }
}

const CIFAR_BYTES = 10_000 * 3073;
/** Files of zeros, which take no place on the disk. */
async function cifarFolder(folder) {
  const first = await put(folder, 'data_batch_1.bin', '');
  await truncate(first, CIFAR_BYTES);
  for (const i of [2, 3, 4, 5]) await link(first, join(folder, `data_batch_${i}.bin`));
}

const idxFile = (name) => ({
  corpus: 'idx',
  ...among(idxFolder, name, (folder) => verified(mnist.open({ dataDir: folder }))),
});

/** A pickle of `torch.save` without its archive; every storage has the size that it says, of few bytes. */
function readPickle(bytes) {
  try {
    for (const [name, value] of stateDictOf(unpickle(bytes))) {
      const tensor = describedTensor(value, name);
      const size = tensor.shape.reduce((product, n) => product * n, 8);
      if (size > 2 ** 20 || tensor.stored > 2 ** 16) continue;
      tensorValues(tensor, new Uint8Array(tensor.stored * bytesPerValue(tensor.dtype)));
    }
  } catch (error) {
    if (!(error instanceof Unfit)) throw error;
    throw new WinnowError('BAD_PYTORCH', error.message);
  }
}

export const parsers = {
  parquet: {
    async read(bytes, folder) {
      const dataDir = await put(folder, 'train.parquet', bytes);
      await verified(parquet.open({ dataDir, imageSize: 8 }, { verifying: true }));
    },
  },
  images: among(imageTree, 'a/0.png', (folder) =>
    verified(imageFolder.open({ dataDir: folder, imageSize: 8 }, { verifying: true })),
  ),
  hdf5: {
    read: async (bytes, folder) => readHdf5Tickets(await put(folder, 'tickets.h5', bytes)),
  },
  'torch-save': {
    read: async (bytes, folder) => readPytorchFile(await put(folder, 'weights.pth', bytes)),
  },
  pickle: { read: readPickle },
  safetensors: { read: (bytes) => decodeSafetensors(bytes, 'x.safetensors') },
  'tensor-file': {
    read: async (bytes, folder) =>
      verified(tensorFile.open({ path: await put(folder, 'x.safetensors', bytes) })),
  },
  idx: idxFile('train-images-idx3-ubyte'),
  'idx-labels': idxFile('t10k-labels-idx1-ubyte'),
  'idx-gzip': {
    corpus: 'idx',
    make: async (folder, corpus) => {
      await idxFolder(folder, corpus);
      await rm(join(folder, 'train-images-idx3-ubyte'));
    },
    async read(bytes, folder) {
      await put(folder, 'train-images-idx3-ubyte.gz', bytes);
      await verified(mnist.open({ dataDir: folder }));
    },
  },
  cifar: among(cifarFolder, 'test_batch.bin', async (folder) => {
    // What was not made otherwise is as long as it should be.
    await truncate(join(folder, 'test_batch.bin'), CIFAR_BYTES);
    await cifar10.open({ dataDir: folder });
  }),
  config: {
    read: async (bytes, folder) =>
      pluginsOf(readConfigFile(await put(folder, 'winnow.yaml', bytes))),
  },
};
