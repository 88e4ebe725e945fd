import { definePlugin } from '@winnow/plugin-api';
import { densenet40 } from './densenet.ts';
import { imagenetResnets } from './imagenet-resnet.ts';
import { lotteryNetworks } from './lottery-networks.ts';
import { mobilenetv2 } from './mobilenet.ts';
import { resnets } from './resnet.ts';
import { vggs } from './vgg.ts';
import { wideresnet28 } from './wide-resnet.ts';

export default definePlugin({
  name: '@winnow/models',
  components: [
    ...resnets,
    ...imagenetResnets,
    ...vggs,
    mobilenetv2,
    densenet40,
    wideresnet28,
    ...lotteryNetworks,
  ],
});
