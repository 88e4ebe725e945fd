import { definePlugin } from '@winnow/plugin-api';
import { lotteryNetworks } from './lottery-networks.ts';
import { resnets } from './resnet.ts';
import { vggs } from './vgg.ts';

export default definePlugin({
  name: '@winnow/models',
  components: [...resnets, ...vggs, ...lotteryNetworks],
});
