// Lets a visitor's script search in the playground's built page in headless Firefox, which no driver is needed for, and compares
// the ticket with the command line's on `wasm`:
//   node tools/check-browser/check-playground-firefox.mjs [--firefox firefox-esr]
// Ends with 1 where the page fails or the whole network learns too little. Firefox's logarithms may round otherwise than
// Node's, and the ticket may be another then: that is told, not judged.
import { EventEmitter, once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { byCommandLine } from './playground/by-command-line.mjs';
import { VISIT, inFirefox } from './playground/in-firefox.mjs';
import { servePlayground } from './playground/serve-playground.mjs';

const { values: options } = parseArgs({
  options: { firefox: { type: 'string', default: 'firefox-esr' } },
});
/** The page's shortest. */
const PLAN = { epochs: 6, rewindEpochs: 2, searchEpochs: 6 };
const LEAST_DENSE = 90;

const folder = await mkdtemp(join(tmpdir(), 'winnow-playground-'));
const told = new EventEmitter();
const server = await servePlayground(join(folder, 'page'), {
  script: VISIT,
  tell: (path, text) =>
    path === '/done'
      ? told.emit('done', text)
      : told.emit('error', new Error(`In Firefox: ${text}`)),
});
try {
  const { accuracies, stop, ticket } = JSON.parse(
    await inFirefox(
      options.firefox,
      server.address,
      once(told, 'done').then(([text]) => text),
    ),
  );
  const [dense, ofTicket, random] = accuracies;
  const ours = await byCommandLine(folder, 1, PLAN);
  const isSame = Buffer.compare(Uint8Array.from(ticket), ours.ticket) === 0;
  console.log(
    `stopped: answered after ${stop.answered.toFixed(0)} ms, stopped after ${stop.stopped.toFixed(0)}, and gone on with`,
  );
  console.log(
    `whole ${dense} %, ticket ${ofTicket} %, random ${random} %; the command line's ticket, ${ours.accuracy.toFixed(1)} %, is ${isSame ? 'the same' : 'another'}`,
  );
  if (!(dense >= LEAST_DENSE)) process.exitCode = 1;
} finally {
  server.close();
  await rm(folder, { recursive: true, force: true });
}
