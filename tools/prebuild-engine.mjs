// Builds the engine for packing into @winnow/tensor-backend, in prebuildify's layout, and tries it where it can run:
//   node tools/prebuild-engine.mjs [--arch x64|arm64] [--libc glibc|musl] [--cxx COMPILER] [--node "NODE"]
// writes libs/tensor-backend/prebuilds/PLATFORM-ARCH/winnow_engine.napi[.LIBC].node. --node names what runs Node for a
// foreign processor, such as "qemu-aarch64 -L /usr/aarch64-linux-gnu node-arm64/bin/node".
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { buildEngine } from './build-engine.mjs';

const { values } = parseArgs({
  options: {
    arch: { type: 'string', default: process.arch },
    libc: { type: 'string', default: 'glibc' },
    cxx: { type: 'string' },
    node: { type: 'string' },
  },
});
const { arch, libc, cxx } = values;
if (!['x64', 'arm64'].includes(arch) || !['glibc', 'musl'].includes(libc)) {
  console.error('Give --arch x64 or arm64, and --libc glibc or musl.');
  process.exit(1);
}
if (arch !== process.arch && !cxx) {
  console.error(`Give --cxx, a compiler for ${arch}.`);
  process.exit(1);
}
const root = fileURLToPath(new URL('..', import.meta.url));
const tags = process.platform === 'linux' ? `napi.${libc}` : 'napi';
const file = `${process.platform}-${arch}/winnow_engine.${tags}.node`;
const output = join(root, 'libs/tensor-backend/build/prebuild', file);
const packed = join(root, 'libs/tensor-backend/prebuilds', file);

const problem = await buildEngine({ arch, output, all: true, ...(cxx ? { compiler: cxx } : {}) });
if (problem) {
  console.error(problem);
  process.exit(1);
}
if (process.platform === 'linux') {
  // e_machine of the ELF header
  const machine = { 62: 'x64', 183: 'arm64' }[readFileSync(output).readUInt16LE(18)];
  if (machine !== arch) {
    console.error(`The compiler made code for ${machine ?? 'another processor'}, not ${arch}.`);
    process.exit(1);
  }
}

// A file that does not load, or adds wrongly, must not be packed.
const TRIAL = `
  const engine = require(${JSON.stringify(output)});
  const numbers = Float32Array.of(1, 2, 3.5);
  const [a, b, y] = [12, 12, 12].map((bytes) => engine.allocate(bytes));
  for (const handle of [a, b]) engine.write(handle, numbers);
  const [shape, strides] = [3, 1].map((n) => Int32Array.of(n));
  const op = engine.choices.Binary.split(', ').indexOf('Add');
  const given = { op, a, b, y, shape, aStrides: strides, bStrides: strides };
  engine.calls.binary(...Object.keys(engine.signatures.binary).map((name) => given[name]));
  engine.read(y, numbers);
  if (numbers.join() !== '2,4,7') throw new Error('1, 2, 3.5 twice gave ' + numbers);
  console.log(engine.availableInstructions().join(', '));
`;
const [node, ...args] = values.node?.split(' ') ?? [process.execPath];
const tried = arch === process.arch || values.node !== undefined;
const outcome = tried
  ? `tried, with ${execFileSync(node, [...args, '-e', TRIAL], { encoding: 'utf8' }).trim()}`
  : `not tried: give --node to run it on ${arch}`;
mkdirSync(dirname(packed), { recursive: true });
copyFileSync(output, packed);
console.log(`${packed}\n  ${outcome}`);
