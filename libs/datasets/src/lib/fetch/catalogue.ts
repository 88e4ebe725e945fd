/** A file to download. */
export interface RemoteFile {
  /** Under the base address, and on the disk. */
  readonly name: string;
  /** As its publisher gives it. */
  readonly md5: string;
}

/** Where a data set is to be had, and what it must be. */
export interface RemoteDataset {
  readonly name: string;
  readonly title: string;
  /** The folder that it lies in once it is fetched. */
  readonly folder: string;
  /** The official place; a file's address is this and its name. */
  readonly from: string;
  readonly files: readonly RemoteFile[];
  /** How to unpack the files, which then are not kept; without it they stay as they are. */
  readonly packing?: 'tar.gz' | 'zip';
  /** What tells that a folder is the data set, where that is not `files`. */
  readonly contents?: readonly string[];
  /** Bounds of what comes out, well above what should. */
  readonly most: { readonly bytes: number; readonly files: number };
}

const MIB = 2 ** 20;

const cifar = { from: 'https://www.cs.toronto.edu/~kriz/', packing: 'tar.gz' } as const;

const IDX_FILES = [
  'train-images-idx3-ubyte.gz',
  'train-labels-idx1-ubyte.gz',
  't10k-images-idx3-ubyte.gz',
  't10k-labels-idx1-ubyte.gz',
] as const;

function idx(md5s: readonly [string, string, string, string]) {
  return {
    files: IDX_FILES.map((name, i) => ({ name, md5: md5s[i]! })),
    most: { bytes: 64 * MIB, files: IDX_FILES.length },
  };
}

/**
 * What can be fetched. CIFAR's checksums are those of its own page; MNIST's, those of torchvision, whose address, the one of
 * PyTorch's mirror, stands here for the original place, which no longer hands the files out; Fashion-MNIST's, those of its
 * repository's README; Tiny-ImageNet's publisher gives none: its checksum is the one that the field's loaders expect.
 */
export const REMOTE_DATASETS: readonly RemoteDataset[] = [
  {
    name: 'mnist',
    title: 'MNIST',
    folder: 'mnist',
    from: 'https://ossci-datasets.s3.amazonaws.com/mnist/',
    ...idx([
      'f68b3c2dcbeaaa9fbdd348bbdeb94873',
      'd53e105ee54ea40749a09fcbcd1e9432',
      '9fb629c4189551a2d022fa330f9573f3',
      'ec29112dd5afa0611ce80d1b7f02629c',
    ]),
  },
  {
    name: 'fashion-mnist',
    title: 'Fashion-MNIST',
    folder: 'fashion-mnist',
    from: 'http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/',
    ...idx([
      '8d4fb7e6c68d591d4c3dfef9ec88bf0d',
      '25c81989df183df01b3e8a0aad5dffbe',
      'bef4ecab320f06d8554ea6380940ec79',
      'bb300cfdad3c16e7a12a480ee83cd310',
    ]),
  },
  {
    name: 'cifar10',
    title: 'CIFAR-10',
    folder: 'cifar-10-batches-bin',
    ...cifar,
    contents: [...[1, 2, 3, 4, 5].map((n) => `data_batch_${n}.bin`), 'test_batch.bin'],
    files: [{ name: 'cifar-10-binary.tar.gz', md5: 'c32a1d4ab5d03f1284b67883e8d87530' }],
    most: { bytes: 256 * MIB, files: 100 },
  },
  {
    name: 'cifar100',
    title: 'CIFAR-100',
    folder: 'cifar-100-binary',
    ...cifar,
    contents: ['train.bin', 'test.bin'],
    files: [{ name: 'cifar-100-binary.tar.gz', md5: '03b5dce01913d631647c71ecec9e9cb8' }],
    most: { bytes: 256 * MIB, files: 100 },
  },
  {
    name: 'tiny-imagenet',
    title: 'Tiny-ImageNet',
    folder: 'tiny-imagenet-200',
    from: 'http://cs231n.stanford.edu/',
    contents: ['train', 'val', 'wnids.txt'],
    files: [{ name: 'tiny-imagenet-200.zip', md5: '90528d7ca1a48142e341f4ef8d21d0de' }],
    packing: 'zip',
    most: { bytes: 1024 * MIB, files: 200_000 },
  },
];
