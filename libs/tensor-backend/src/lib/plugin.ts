import { definePlugin } from '@winnow/plugin-api';
import { cpu, wasm } from './backends/host-backends.ts';
import { native } from './backends/native.ts';
import { webgpu } from './backends/planned-backends.ts';
import { tensorflow, tensorflowGpu } from './backends/tensorflow-backends.ts';

export default definePlugin({
  name: '@winnow/tensor-backend',
  components: [tensorflowGpu, webgpu, native, tensorflow, wasm, cpu],
});
