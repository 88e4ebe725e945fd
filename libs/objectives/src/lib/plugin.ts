import { definePlugin } from '@winnow/plugin-api';
import { deltaLoss } from './delta-loss.ts';
import { feature } from './feature.ts';
import { forwardKl } from './forward-kl.ts';
import { gradientMatch } from './gradient-match.ts';
import { gradientNorm } from './gradient-norm.ts';
import { kl } from './kl.ts';
import { loss } from './loss.ts';

export default definePlugin({
  name: '@winnow/objectives',
  components: [kl, loss, deltaLoss, gradientNorm, forwardKl, feature, gradientMatch],
});
