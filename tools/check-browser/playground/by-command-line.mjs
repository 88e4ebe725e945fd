import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { decodeTicket, encodeTicket } from '@winnow/tickets';

const WINNOW = fileURLToPath(new URL('../../../apps/cli/bin/winnow.js', import.meta.url));
/** Where the page's slider begins. */
const DENSITY = 0.0025;

/**
 * A search of the page by the command line: its ticket's bytes and its accuracy in percent. `objective` is a built-in one, or
 * with `plugin` that of a package in a folder.
 */
export async function byCommandLine(
  folder,
  seed,
  { epochs, rewindEpochs, searchEpochs },
  { objective = 'kl', plugin } = {},
) {
  const out = join(folder, `${objective}-seed${seed}`);
  const words = [
    `run --dataset digits --model resnet8 --method cts --objective ${objective} --density ${DENSITY} --seed ${seed}`,
    `--epochs ${epochs} --rewind-epochs ${rewindEpochs} --search-epochs ${searchEpochs}`,
    `--batch-size 32 --learning-rate 0.3 --start rewind --backend wasm --json --out`,
  ];
  const { stdout } = await promisify(execFile)(process.execPath, [
    ...[WINNOW, ...words.join(' ').split(' ')],
    out,
    ...(plugin ? ['--plugin', plugin] : []),
  ]);
  const { testAccuracy } = JSON.parse(stdout);
  const file = join(out, 'ticket.safetensors');
  // A run's file also says of which run it is.
  const ticket = encodeTicket(decodeTicket(await readFile(file), file));
  return { ticket, accuracy: 100 * testAccuracy };
}
