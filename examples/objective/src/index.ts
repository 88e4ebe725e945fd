import { type Plugin, definePlugin } from '@winnow/plugin-api';
import { attentionTransfer } from './attention-transfer.ts';
import { focal } from './focal.ts';
import { frugalKl } from './frugal-kl.ts';
import { heldOutLoss } from './held-out-loss.ts';
import { jensenShannon } from './jensen-shannon.ts';

export { attentionTransfer, focal, frugalKl, heldOutLoss, jensenShannon };

const plugin: Plugin = definePlugin({
  name: '@winnow-examples/objective',
  components: [jensenShannon, focal, heldOutLoss, attentionTransfer, frugalKl],
});
export default plugin;
