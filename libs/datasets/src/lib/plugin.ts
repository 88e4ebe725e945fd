import { definePlugin } from '@winnow/plugin-api';
import { cifar10, cifar100 } from './cifar.ts';
import { digits } from './digits.ts';
import { imageFolder } from './folders/image-folder.ts';
import { imagenet } from './folders/imagenet.ts';
import { tinyImagenet } from './folders/tiny-imagenet.ts';
import { fashionMnist, mnist } from './mnist.ts';
import { parquet } from './parquet/parquet.ts';
import { tensorFile } from './tensor-file.ts';

export default definePlugin({
  name: '@winnow/datasets',
  components: [
    digits,
    mnist,
    fashionMnist,
    cifar10,
    cifar100,
    tinyImagenet,
    imagenet,
    imageFolder,
    parquet,
    tensorFile,
  ],
});
