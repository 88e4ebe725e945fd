import * as tf from '@tensorflow/tfjs-core';
import { type BackendDescriptor, defineBackend } from '@winnow/plugin-api';
import { activate } from './activate.ts';

/** TensorFlow.js's reference: plain JavaScript, slow, everywhere. */
export const cpu: BackendDescriptor = defineBackend({
  name: 'cpu',
  summary: "TensorFlow.js's reference in plain JavaScript; slow",
  priority: 0,
  async start() {
    await import('@tensorflow/tfjs-backend-cpu');
    await activate('cpu');
    // Or else the first tensor prints an advertisement.
    Object.assign(tf.backend(), { firstUse: false });
  },
});
