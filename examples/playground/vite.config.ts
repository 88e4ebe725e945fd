import { STYLE } from '@winnow/report/look';
import { defineConfig } from 'vite';

export default defineConfig({
  // So that the page lies in any folder of any server.
  base: './',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  worker: { format: 'es' },
  build: {
    target: 'es2023',
    // A data: address would be an outside request to the page's own policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  plugins: [
    {
      name: "the pages' one look",
      transformIndexHtml: () => [{ tag: 'style', children: STYLE, injectTo: 'head' }],
    },
  ],
});
