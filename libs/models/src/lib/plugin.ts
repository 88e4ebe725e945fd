import { definePlugin } from '@winnow/plugin-api';
import { imagenetResnets } from './imagenet-resnet.ts';
import { lotteryNetworks } from './lottery-networks.ts';
import { resnets } from './resnet.ts';
import { vggs } from './vgg.ts';

export default definePlugin({
  name: '@winnow/models',
  components: [...resnets, ...imagenetResnets, ...vggs, ...lotteryNetworks],
});
