// Networks at random, each under masks and with a batch of its own, by the native engine's programs, by ops and by plain
// loops in float64: they must agree (src/lib/testing/compare-roads.ts says how nearly), by every instruction set, and to the
// bit on one thread and on three. In the built clone:
//
//   node --import @swc-node/register/esm-register fuzz-programs.mjs [--seed N] [--cases N | --seconds N] [--channels N]
//
// WINNOW_ENGINE names another engine. What disagrees is told as small as it could be made.
import assert from 'node:assert/strict';
import { parseArgs } from 'node:util';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { native } from '@winnow/tensor-backend/node';
import { compareRoads } from '../src/lib/testing/compare-roads.ts';
import { drawnNetworks, maskedOf } from '../src/lib/testing/drawn-network.ts';

const { values: options } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    cases: { type: 'string', default: '500' },
    seconds: { type: 'string' },
    channels: { type: 'string', default: '33' },
  },
});
await native.start();
// The one that `native` has loaded: a process has one.
const ENGINE = new URL('../../tensor-backend/build/Release/winnow_engine.node', import.meta.url);
const engine = createRequire(import.meta.url)(process.env.WINNOW_ENGINE ?? fileURLToPath(ENGINE));

const cases = fc.record({
  drawn: drawnNetworks(Number(options.channels)),
  instructions: fc.constantFrom(...engine.availableInstructions()),
  threads: fc.constantFrom(2, 3),
});
const MOST_FAULTS = 10;
const counts = { cases: 0, gradients: 0, faults: 0 };
const worst = {};

/** Throws what is wrong. */
function compare({ drawn, instructions, threads }) {
  engine.setInstructions(instructions);
  const masked = maskedOf(drawn);
  const [one, several] = [1, threads].map((count) => {
    engine.setThreads(count);
    return masked.program();
  });
  assert.deepEqual(several, one, `bits depend on threads`);
  const { errors, faults } = compareRoads(masked);
  if (faults.length > 0) throw new Error(faults.join('; '));
  counts.cases++;
  if ('gradient' in errors) counts.gradients++;
  for (const [what, error] of Object.entries(errors))
    worst[what] = Math.max(error, worst[what] ?? 0);
}

const end = performance.now() + Number(options.seconds) * 1000;
const left = () =>
  options.seconds
    ? { numRuns: Number.MAX_SAFE_INTEGER, interruptAfterTimeLimit: end - performance.now() }
    : { numRuns: Number(options.cases) - counts.cases };
for (let seed = Number(options.seed); counts.faults < MOST_FAULTS; seed++) {
  const { numRuns, interruptAfterTimeLimit: ms = 1 } = left();
  if (numRuns <= 0 || ms <= 0) break;
  const { counterexample, errorInstance } = fc.check(fc.property(cases, compare), {
    ...left(),
    seed,
    markInterruptAsFailure: false,
  });
  if (!counterexample) continue;
  counts.faults++;
  console.log(`FAULT ${errorInstance.message}\n  ${JSON.stringify(counterexample[0])}`);
}
const told = Object.entries(worst).map(([what, error]) => `${what} ${error.toExponential(1)}`);
console.log(
  `seed ${options.seed}: ${counts.cases} cases agree (${counts.gradients} in their gradients too), ` +
    `${counts.faults} faults; furthest off: ${told.join(', ')}`,
);
process.exit(counts.faults === 0 ? 0 : 1);
