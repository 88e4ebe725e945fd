import js from '@eslint/js';
import nx from '@nx/eslint-plugin';
import prettier from 'eslint-config-prettier';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';
import { rooms } from './tools/rooms.mjs';

export default defineConfig(
  { ignores: ['**/dist', '**/out-tsc', '**/coverage', '**/*.cjs'] },
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [js.configs.recommended, tseslint.configs.recommendedTypeChecked],
    plugins: { '@nx': nx },
    languageOptions: {
      parserOptions: {
        // One program for nearly all, since to check the types of each room's by itself takes twice the time.
        project: ['./tsconfig.lint.json', './examples/playground/tsconfig.*.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true }],
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
    // A test of node:test is waited for by its runner.
    files: ['examples/*/src/**/*.test.ts'],
    rules: {
      '@typescript-eslint/no-floating-promises': [
        'error',
        { allowForKnownSafeCalls: [{ from: 'package', package: 'node:test', name: 'test' }] },
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
  prettier,
);
