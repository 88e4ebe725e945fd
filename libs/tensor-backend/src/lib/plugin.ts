import { definePlugin } from '@winnow/plugin-api';
import { cpu, wasm } from './backends/host-backends.ts';
import { native } from './backends/native.ts';
import { tensorflow, tensorflowGpu } from './backends/tensorflow-backends.ts';

export default definePlugin({
  name: '@winnow/tensor-backend',
  components: [tensorflowGpu, native, tensorflow, wasm, cpu],
});
