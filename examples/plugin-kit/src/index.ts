import { type Plugin, definePlugin } from '@winnow/plugin-api';
import { csvFolder } from './datasets/csv-folder.ts';
import { slimMobilenet } from './models/slim-mobilenet.ts';
import { attentionTransfer } from './objectives/attention-transfer.ts';
import { focal } from './objectives/focal.ts';
import { frugalKl } from './objectives/frugal-kl.ts';
import { heldOutLoss } from './objectives/held-out-loss.ts';
import { jensenShannon } from './objectives/jensen-shannon.ts';
import { cubicMagnitude } from './pruners/cubic-magnitude.ts';
import { erk } from './pruners/erk.ts';

export {
  attentionTransfer,
  csvFolder,
  cubicMagnitude,
  erk,
  focal,
  frugalKl,
  heldOutLoss,
  jensenShannon,
  slimMobilenet,
};

const plugin: Plugin = definePlugin({
  name: '@winnow-examples/plugin-kit',
  components: [
    ...[jensenShannon, focal, heldOutLoss, attentionTransfer, frugalKl],
    ...[cubicMagnitude, erk],
    slimMobilenet,
    csvFolder,
  ],
});
export default plugin;
