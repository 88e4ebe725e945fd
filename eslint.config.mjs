import nx from '@nx/eslint-plugin';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';
import { rooms } from './tools/rooms.mjs';

/** What Nx knows of the workspace; all else is checked by oxlint (.oxlintrc.json), which takes half the time for it. */
export default defineConfig(
  { ignores: ['**/dist', '**/out-tsc', '**/coverage', '**/*.cjs'] },
  {
    files: ['**/*.ts', '**/*.tsx'],
    plugins: { '@nx': nx },
    languageOptions: { parser: tseslint.parser },
    rules: {
      '@nx/enforce-module-boundaries': [
        'error',
        {
          enforceBuildableLibDependency: true,
          banTransitiveDependencies: true,
          // The command line loads each command's libraries when it runs, and shares some.
          checkDynamicDependenciesExceptions: ['.*'],
          depConstraints: rooms.map((room, i) => ({
            sourceTag: `room:${room}`,
            onlyDependOnLibsWithTags: rooms.slice(0, i + 1).map((r) => `room:${r}`),
          })),
        },
      ],
    },
  },
  {
    files: ['**/*.json'],
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
