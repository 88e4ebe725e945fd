import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { type BuildFailure, build } from 'esbuild';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** What a browser would lack of a library and of all that it imports, its sources bundled. */
async function missingInBrowsers(library: string): Promise<string[]> {
  const bundled = build({
    entryPoints: [`${root}libs/${library}/src/index.ts`],
    bundle: true,
    platform: 'browser',
    format: 'esm',
    write: false,
    logLevel: 'silent',
    plugins: [
      {
        name: 'from sources',
        setup(bundle) {
          bundle.onResolve({ filter: /^@winnow\// }, ({ path }) => {
            const [, library, entry = 'index'] = path.split('/');
            return { path: `${root}libs/${library}/src/${entry}.ts` };
          });
        },
      },
    ],
  });
  try {
    await bundled;
    return [];
  } catch (error) {
    return (error as BuildFailure).errors.map(({ text }) => text);
  }
}

describe('a bundle for browsers', () => {
  it.each(['plugin-api', 'files'])('has all that %s imports', async (library) => {
    expect(await missingInBrowsers(library)).toEqual([]);
  });

  it('cannot be made of what needs Node', async () => {
    expect(await missingInBrowsers('plugin-host')).toContainEqual(
      expect.stringContaining('Could not resolve "node:fs"'),
    );
  });
});
