// Calls the native engine at random: what it takes must do as it says (after plain loops) and leave all else as it was; what
// it cannot take it must refuse with an error that names the call and the argument. Memory that it must not touch is the
// sanitizers' to tell (`npm run test:full`).
//
//   node fuzz-calls.mjs [--seed N] [--calls N | --seconds N] [--workers N] [--trace]
//
// WINNOW_ENGINE names another engine. --workers: so many threads do the same with seeds of their own, at once. --trace tells
// each call before it is made, so that the last line is the one that ended the process.
import { writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';
import { Fuzzer } from './fuzzer.mjs';

const ENGINE = fileURLToPath(new URL('../build/Release/winnow_engine.node', import.meta.url));
const OPTIONS = {
  seed: { type: 'string', default: '1' },
  calls: { type: 'string', default: '5000' },
  seconds: { type: 'string' },
  workers: { type: 'string', default: '0' },
  trace: { type: 'boolean', default: false },
};
const options = isMainThread ? parseArgs({ options: OPTIONS }).values : workerData;

function fuzz({ seed, calls, seconds, trace }) {
  const engine = createRequire(import.meta.url)(process.env.WINNOW_ENGINE ?? ENGINE);
  const fuzzer = new Fuzzer(
    engine,
    Number(seed),
    trace ? (line) => writeSync(2, `${line}\n`) : undefined,
  );
  const end = performance.now() + Number(seconds) * 1000;
  for (let i = 0; seconds ? performance.now() < end : i < Number(calls); i++) fuzzer.step();
  return fuzzer.told;
}

const inWorker = (i) =>
  new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url), {
      workerData: { ...options, seed: Number(options.seed) + i + 1 },
    });
    worker.once('message', resolve).once('error', reject);
  });

if (isMainThread) {
  const others = Array.from({ length: Number(options.workers) }, (_, i) => inWorker(i));
  // So that these have begun.
  await new Promise((resolve) => setTimeout(resolve, others.length > 0 ? 200 : 0));
  const all = [fuzz(options), ...(await Promise.all(others))];
  const sum = (what) => all.reduce((total, told) => total + told[what], 0);
  const faults = all.flatMap((told) => told.faults);
  for (const fault of faults.slice(0, 10)) console.log(`FAULT ${fault}`);
  console.log(
    `seed ${options.seed}: ${sum('calls')} calls, ${sum('done')} done (${sum('compared')} compared with plain loops), ` +
      `${sum('refused')} refused, ${faults.length} faults`,
  );
  process.exit(faults.length === 0 ? 0 : 1);
} else {
  parentPort.postMessage(fuzz(options));
}
