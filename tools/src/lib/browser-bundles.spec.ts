import { fileURLToPath } from 'node:url';
import { createContext, runInContext } from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import { cpu } from '@winnow/tensor-backend';
import { type BuildFailure, type BuildOptions, type Plugin, build } from 'esbuild';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const sourceOf = (entry: string) => {
  const [library, name = 'index'] = entry.split('/');
  return `${root}libs/${library}/src/${name}.ts`;
};
const fromSources: Plugin = {
  name: 'from sources',
  setup(bundle) {
    bundle.onResolve({ filter: /^@winnow\// }, ({ path }) => ({
      path: sourceOf(path.slice('@winnow/'.length)),
      sideEffects: false,
    }));
  },
};

/** Bundles an entry (`library` or `library/entry`) with all that it imports. */
async function bundleOf(entry: string, options: BuildOptions = {}): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [sourceOf(entry)],
    bundle: true,
    platform: 'browser',
    format: 'esm',
    logLevel: 'silent',
    plugins: [fromSources],
    ...options,
    write: false,
  });
  return outputFiles.map(({ text }) => text).join('\n');
}

/** Bundles the search on `cpu` that is checked in a browser, too. */
const bundledSearch = () =>
  build({
    stdin: {
      contents: `import { cpu } from '@winnow/tensor-backend';
        import { search } from './search.mjs';
        export const found = search(cpu);`,
      resolveDir: `${root}tools/check-browser`,
    },
    bundle: true,
    platform: 'browser',
    format: 'iife',
    globalName: 'bundle',
    plugins: [fromSources],
    metafile: true,
    write: false,
  });

/** What of its imports, other packages' too, a browser would lack. */
async function missingModules(entry: string): Promise<string[]> {
  try {
    await bundleOf(entry);
    return [];
  } catch (error) {
    return (error as BuildFailure).errors.map(({ text }) => text);
  }
}

/** The globals of Node alone that our sources use: other packages ask first whether there are any. */
async function missingGlobals(entry: string): Promise<string[]> {
  const globals = ['Buffer', 'global', 'process', 'require', '__dirname', '__filename'];
  const define = Object.fromEntries(globals.map((name) => [name, `Missing.${name}`]));
  const code = await bundleOf(entry, { packages: 'external', define });
  return [...code.matchAll(/\bMissing\.(\w+)/g)].map(([, name]) => name!);
}

describe('a bundle for browsers', () => {
  it.each([
    'plugin-api',
    'files',
    'tensor-backend',
    'models',
    'data',
    'tickets',
    'exchange',
    'objectives',
    'training',
    'pruners',
    'datasets/table',
    'report/look',
    'scaffold',
  ])('has all that %s needs', async (library) => {
    expect(await missingModules(library)).toEqual([]);
    expect(await missingGlobals(library)).toEqual([]);
  });

  it('searches, trains and evaluates as here where there is nothing of Node, to the bit', async () => {
    const { search } = (await import(`${root}tools/check-browser/search.mjs`)) as {
      search: (backend: typeof cpu) => Promise<Uint8Array>;
    };
    const { outputFiles } = await bundledSearch();
    // What a worker of a browser has, as far as it is needed.
    const worker = createContext({
      ...{ WorkerGlobalScope: {}, self: {} },
      ...{ AbortController, MessageChannel, TextDecoder, TextEncoder, performance, setTimeout },
    });
    const { found } = runInContext(`${outputFiles[0]!.text}; bundle`, worker) as {
      found: Promise<Uint8Array>;
    };
    expect([...(await found)]).toEqual([...(await search(cpu))]);
  });

  it('holds one backend of two, and of zod what is used', async () => {
    const { metafile } = await bundledSearch();
    const [bundle] = Object.values(metafile.outputs);
    const used = Object.entries(bundle!.inputs)
      .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
      .map(([path]) => path);
    // Messages in other languages are the half of zod.
    const idle = /tfjs-backend-wasm|zod\/v4\/locales\/(?!en\.|index\.)/;
    expect(used.filter((path) => idle.test(path))).toEqual([]);
    expect(used).toContainEqual(expect.stringMatching(/zod\/v4\/locales\/en\.js$/));
  });

  it('cannot be made of what needs Node', async () => {
    expect(await missingModules('plugin-host')).toContainEqual(
      expect.stringContaining('Could not resolve "node:fs"'),
    );
    expect(await missingGlobals('tensor-backend/node')).toContain('process');
  });
});
