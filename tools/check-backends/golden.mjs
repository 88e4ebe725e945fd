// The golden numbers on a backend:
//   node tools/check-backends/golden.mjs webgpu
import plugin from '@winnow/tensor-backend/node';
import { backendConformance } from '@winnow/testing';

const wanted = process.argv[2];
const backend = plugin.components.find(({ name }) => name === wanted);
for (const { name, run } of backendConformance(backend)) {
  await run();
  console.log(`${wanted} ${name}`);
}
