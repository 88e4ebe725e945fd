import { existsSync, readFileSync } from 'node:fs';

/** The guides, in the order of their index. */
const guides = [...readFileSync('docs/README.md', 'utf8').matchAll(/\]\(([\w-]+\.md)\)/g)]
  .map(([, name]) => `docs/${name}`)
  .filter((path) => existsSync(path));

/** @type {Partial<import('typedoc').TypeDocOptions>} */
export default {
  name: 'Winnow',
  tsconfig: 'tsconfig.docs.json',
  // What the compiler has checked.
  skipErrorChecking: true,
  entryPoints: ['libs/*/src/*.ts', 'apps/cli/src/index.ts'],
  plugin: ['./tools/typedoc-packages.mjs'],
  projectDocuments: ['docs/README.md', ...guides, 'examples/*/README.md'],
  out: 'dist/docs',
  sort: ['kind', 'instance-first', 'alphabetical-ignoring-documents'],
  categorizeByGroup: false,
  // Without a repository's address there is nothing that sources could be linked to.
  disableSources: true,
  excludePrivate: true,
  excludeExternals: true,
  highlightLanguages: [
    'bash',
    'bibtex',
    'html',
    'javascript',
    'json',
    'python',
    'typescript',
    'yaml',
  ],
  treatWarningsAsErrors: true,
};
