import { definePlugin } from '@winnow/plugin-api';
import { cts } from './cts/cts.ts';
import { grasp } from './grasp.ts';
import { lamp } from './lamp.ts';
import { ltr } from './ltr.ts';
import { magnitude } from './magnitude.ts';
import { random } from './random.ts';
import { saliency } from './saliency.ts';
import { snip } from './snip.ts';
import { synflow } from './synflow.ts';

export default definePlugin({
  name: '@winnow/pruners',
  components: [cts, ltr, magnitude, lamp, random, snip, grasp, synflow, saliency],
});
