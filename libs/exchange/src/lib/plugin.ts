import { definePlugin } from '@winnow/plugin-api';
import { coo, csr, mask, onnx, safetensors, tfjs } from './write/exporters.ts';

export default definePlugin({
  name: '@winnow/exchange',
  components: [safetensors, onnx, tfjs, coo, csr, mask],
});
