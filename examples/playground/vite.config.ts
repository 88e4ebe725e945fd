import { STYLE } from '@winnow/report/look';
import { defineConfig } from 'vite';
import { objectiveTypesPlugin } from './build/objective-types.ts';

export default defineConfig({
  // So that the page lies in any folder of any server.
  base: './',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  worker: { format: 'es', plugins: () => [objectiveTypesPlugin()] },
  build: {
    target: 'es2023',
    // A data: address would be an outside request to the page's own policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  plugins: [
    objectiveTypesPlugin(),
    {
      name: "the pages' one look",
      transformIndexHtml: () => [{ tag: 'style', children: STYLE, injectTo: 'head' }],
    },
  ],
});
