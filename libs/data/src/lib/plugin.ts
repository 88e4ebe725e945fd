import { definePlugin } from '@winnow/plugin-api';
import { cifar10, cifar100 } from './cifar.ts';
import { digits } from './digits.ts';
import { tensorFile } from './tensor-file.ts';

export default definePlugin({
  name: '@winnow/data',
  components: [digits, cifar10, cifar100, tensorFile],
});
