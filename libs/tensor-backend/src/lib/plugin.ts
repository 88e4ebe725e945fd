import { definePlugin } from '@winnow/plugin-api';
import { cpu } from './backends/cpu.ts';
import { native } from './backends/native.ts';
import { tensorflow, tensorflowGpu } from './backends/tensorflow-backends.ts';
import { wasm } from './backends/wasm.ts';
import { webgpu } from './backends/webgpu/webgpu.ts';

export default definePlugin({
  name: '@winnow/tensor-backend',
  components: [tensorflowGpu, webgpu, native, tensorflow, wasm, cpu],
});
