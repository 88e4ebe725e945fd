import nx from '@nx/eslint-plugin';
import { defineConfig } from 'eslint/config';

/** Whether packages name what they import, as Nx knows it. Sources are for oxlint (.oxlintrc.json) and tools/check-imports.mjs. */
export default defineConfig(
  { ignores: ['**/dist', '**/out-tsc', '**/coverage', '**/*.{js,cjs,mjs}'] },
  {
    files: ['**/package.json'],
    plugins: { '@nx': nx },
    languageOptions: { parser: await import('jsonc-eslint-parser') },
    rules: {
      '@nx/dependency-checks': [
        'error',
        {
          ignoredFiles: [
            '{projectRoot}/**/*.spec.ts',
            '{projectRoot}/src/lib/testing/**',
            '{projectRoot}/src/**/*.test.ts',
            '{projectRoot}/src/testing/**',
            '{projectRoot}/jest.config.cjs',
          ],
          // Loaded by name, when they are asked for.
          ignoredDependencies: [
            '@tensorflow/tfjs-node',
            '@tensorflow/tfjs-node-gpu',
            'node-gyp-build',
          ],
        },
      ],
    },
  },
);
