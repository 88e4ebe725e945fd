// Runs docs/pytorch.md as it stands, and looks at what it leaves:
//   node tools/check-pytorch.mjs [--python python3]
// The Python has PyTorch, NumPy and safetensors. Ends with 1 where a block fails, a network is hardly better than chance, or
// the ticket that was retrained there is not what it should be.
import { spawnSync } from 'node:child_process';
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readSafetensors } from '@winnow/files/disk';
import { parsePage } from './dist/documentation/markdown-page.js';
import { scratchFolder } from './dist/documentation/scratch-folder.js';
import { root } from './set-up.mjs';

const { python } = parseArgs({
  options: { python: { type: 'string', default: 'python3' } },
}).values;
const PAGE = 'docs/pytorch.md';
/** By chance it would be 0.1. */
const LEAST_ACCURACY = 0.5;
/** Of LeNet's 64·300 + 300·100 + 100·10 weights, a twentieth. */
const KEPT = 2510;

const scratch = scratchFolder();
const within = (name) => join(scratch.path, name);
symlinkSync(join(root, 'libs'), within('libs'), 'dir');

/** Runs a block of code; returns what it prints. Throws where it fails. */
function run({ language, code, line }) {
  const [command, ...args] = language === 'sh' ? ['bash', '-euc', code] : [python, '-c', code];
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd: scratch.path,
    env: scratch.env,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${PAGE}:${line} ended with ${status}.\n${stdout}\n${stderr}`);
  return stdout;
}

/** The weights that were retrained: kept ones have moved, and the others are 0. */
async function assertRetrained() {
  const [start, masks, trained] = await Promise.all(
    ['runs/ticket/start', 'runs/ticket/export/mask', 'retrained'].map(async (name) => {
      const { tensors } = await readSafetensors(within(`${name}.safetensors`));
      return tensors;
    }),
  );
  let [kept, moved, size] = [0, 0, 0];
  for (const [name, { data: mask }] of masks) {
    const [before, after] = [start, trained].map((tensors) => tensors.get(name).data);
    for (let i = 0; i < mask.length; i++) {
      if (mask[i]) moved += after[i] !== before[i] ? 1 : 0;
      else if (after[i] !== 0) throw new Error(`${name} is ${after[i]} at ${i}, which is pruned.`);
    }
    kept += mask.reduce((a, b) => a + b, 0);
    size += mask.length;
  }
  if (kept !== KEPT)
    throw new Error(`The mask keeps ${kept} weights where ${KEPT} were asked for.`);
  // A kept weight may come to nothing only behind a unit that no image lights.
  if (moved < 0.9 * kept) throw new Error(`Only ${moved} of ${kept} kept weights have moved.`);
  console.log(`${moved} of ${kept} kept weights have moved; ${size - kept} are 0`);
}

try {
  const { blocks } = parsePage(PAGE, readFileSync(join(root, PAGE), 'utf8'));
  const accuracies = [];
  for (const block of blocks) {
    if (block.file) writeFileSync(within(block.file), block.code);
    else
      for (const line of run(block).matchAll(/^(.*): accuracy ([\d.]+)$/gm)) accuracies.push(line);
  }
  if (accuracies.length !== 3) throw new Error(`${PAGE} prints ${accuracies.length} accuracies.`);
  for (const [line, , accuracy] of accuracies) {
    console.log(line);
    if (!(Number(accuracy) > LEAST_ACCURACY)) throw new Error('That is hardly better than chance.');
  }
  await assertRetrained();
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  scratch.remove();
}
