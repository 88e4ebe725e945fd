// The golden numbers on the backend `webgpu`:
//   node tools/check-backends/webgpu-golden.mjs
import { webgpu } from '@winnow/tensor-backend/node';
import { backendConformance } from '@winnow/testing';

for (const { name, run } of backendConformance(webgpu)) {
  await run();
  console.log(`webgpu ${name}`);
}
