/** Those that were tried together. */
export const WEBGPU_PACKAGES = {
  dawn: { name: 'webgpu', version: '0.6.2' },
  tensorflow: { name: '@tensorflow/tfjs-backend-webgpu', version: '4.22.0' },
} as const;
