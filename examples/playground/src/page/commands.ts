import { BATCH_SIZE, LEARNING_RATE } from '../plan.ts';
import type { Setting } from '../worker/search-api.ts';

/** The ticket's file, as it is downloaded. */
export const TICKET_FILE = 'ticket.safetensors';

function common({ density, seed, plan }: Setting): string {
  return [
    `--density ${density} --start rewind --rewind-epochs ${plan.rewindEpochs}`,
    `--epochs ${plan.epochs} --batch-size ${BATCH_SIZE} --learning-rate ${LEARNING_RATE} --seed ${seed} --backend wasm`,
  ].join(' ');
}

/** The command that finds the same ticket of the digits, to the bit. */
export function sameSearch(setting: Setting): string {
  const { method, objective, plan } = setting;
  const own =
    method === 'cts' ? ` --objective ${objective} --search-epochs ${plan.searchEpochs}` : '';
  return `npx winnow run --dataset digits --model resnet8 --method ${method}${own} ${common(setting)}`;
}

/** The command that trains the downloaded ticket. */
export function trainingOfFile(setting: Setting): string {
  return `npx winnow run --dataset digits --model resnet8 --method given --ticket ${TICKET_FILE} ${common(setting)}`;
}
