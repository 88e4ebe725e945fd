// Builds the engine for packing into @winnow/tensor-backend, in prebuildify's layout, and tries it where it can run:
//   node tools/prebuild-engine.mjs [--arch x64|arm64] [--libc glibc|musl] [--cxx COMPILER] [--node "NODE"]
// writes libs/tensor-backend/prebuilds/PLATFORM-ARCH/winnow_engine.napi[.LIBC].node. --node names what runs Node for a
// foreign processor, such as "qemu-aarch64 -L /usr/aarch64-linux-gnu node-arm64/bin/node".
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
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
const folder = join(root, 'libs/tensor-backend/prebuilds', `${process.platform}-${arch}`);
const output = join(folder, `winnow_engine.${tags}.node`);

const problem = await buildEngine({ arch, output, ...(cxx ? { compiler: cxx } : {}) });
if (problem) {
  console.error(problem);
  process.exit(1);
}
rmSync(`${output}.stamp`, { force: true });

// A file that does not load, or adds wrongly, must not be packed.
const TRIAL = `
  const engine = require(${JSON.stringify(output)});
  const numbers = Float32Array.of(1, 2, 3.5);
  const [a, b, y] = [12, 12, 12].map((bytes) => engine.allocate(bytes));
  for (const handle of [a, b]) engine.write(handle, numbers);
  const none = Int32Array.of(1);
  engine.binary(0, a, b, y, Int32Array.of(3), none, none);
  engine.read(y, numbers);
  if (numbers.join() !== '2,4,7') throw new Error('1, 2, 3.5 twice gave ' + numbers);
  console.log(engine.availableInstructions().join(', '));
`;
const [node, ...args] = values.node?.split(' ') ?? [process.execPath];
if (arch !== process.arch && !values.node) {
  console.log(`${output}\n  not tried: give --node to run it on ${arch}`);
} else {
  const instructions = execFileSync(node, [...args, '-e', TRIAL], { encoding: 'utf8' }).trim();
  console.log(`${output}\n  tried, with ${instructions}`);
}
