import { componentIn, identifierOf, importedAs, importedName } from './component-names.ts';
import type { ComponentNames, ScaffoldKind } from './component-template.ts';
import { TEMPLATES } from './templates/by-kind.ts';

/** Text by path, with forward slashes. */
export type Files = ReadonlyMap<string, string>;

/** A component that is written already, and takes the place of the template's. */
export interface WrittenComponent {
  /** What it does, after "this package adds …". */
  readonly about: string;
  /** What its module exports it as: the name of a constant, or `default`. */
  readonly exported: string;
  /** Its module, in TypeScript. */
  readonly source: string;
  /** Libraries of Winnow that it imports, besides @winnow/plugin-api. */
  readonly libraries: readonly string[];
  /** Of the package, in node:test: `objectiveTest` makes one. */
  readonly test: (names: ComponentNames) => string;
}

export interface PluginPackage {
  /** Of the npm package; without its scope it names the component. */
  readonly name: string;
  readonly kind: ScaffoldKind;
  readonly written?: WrittenComponent;
  readonly versions: {
    /** Of Winnow's packages, which move together. */
    readonly winnow: string;
    /** Those that Winnow itself takes, so that there is one copy of each. */
    readonly tfjs: string;
    readonly zod: string;
  };
}

// The compiler that Winnow itself is built with, and the oldest Node that it runs on.
export const TYPESCRIPT = '7.0.2';
export const NODE_TYPES = '20.19.0';

const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;

const TSCONFIG = `{
  "compilerOptions": {
    "target": "es2023",
    "lib": ["es2023"],
    "module": "nodenext",
    "types": ["node"],
    "rootDir": "src",
    "outDir": "dist",
    "declaration": true,
    "strict": true,
    "noEmitOnError": true,
    "noUncheckedIndexedAccess": true,
    "verbatimModuleSyntax": true,
    "rewriteRelativeImportExtensions": true,
    "skipLibCheck": true
  },
  "include": ["src"]
}
`;

/** The flags of `winnow run` that try the package from its own folder. */
export function tryFlags(kind: ScaffoldKind, name: string): string {
  return `--plugin . ${TEMPLATES[kind].flags(componentIn(name))}`;
}

interface Sources {
  readonly component: string;
  readonly test: string;
}

function templateSources(kind: ScaffoldKind, names: ComponentNames): Sources {
  const template = TEMPLATES[kind];
  return { component: template.component(names), test: template.packageTest(names) };
}

function sourceFiles(packageName: string, names: ComponentNames, sources: Sources): Files {
  const { name, identifier } = names;
  const index = `import { definePlugin } from '@winnow/plugin-api';
import { ${importedAs(names)} } from './${name}.ts';

export { ${identifier} };
export default definePlugin({ name: '${packageName}', components: [${identifier}] });
`;
  return new Map([
    ['src/index.ts', index],
    [`src/${name}.ts`, sources.component],
    [`src/${name}.test.ts`, sources.test],
  ]);
}

const NOBODY: ComponentNames = { name: '', identifier: '' };

function namesFor(
  component: string,
  kind: ScaffoldKind,
  written: WrittenComponent | undefined,
): ComponentNames {
  const sources = written
    ? { component: '', test: written.test(NOBODY) }
    : templateSources(kind, NOBODY);
  const nameless = [...sourceFiles('', NOBODY, sources).values()];
  if (!written) return { name: component, identifier: identifierOf(component, kind, nameless) };
  const { exported } = written;
  const identifier = importedName(exported, component, kind, nameless);
  return { name: component, identifier, exported };
}

/**
 * The files of an npm package around one component, which builds, passes its tests and runs as it is. Throws BAD_NAME where
 * the package's name, or what is left of it without a scope, does not do.
 */
export function pluginPackage({ name, kind, written, versions }: PluginPackage): Files {
  const template = TEMPLATES[kind];
  const { about, libraries } = written ?? template;
  const component = componentIn(name);
  const names = namesFor(component, kind, written);
  const sources = written
    ? { component: written.source, test: written.test(names) }
    : templateSources(kind, names);
  const testLibraries = template.testLibraries.filter((library) => !libraries.includes(library));
  const winnow = `^${versions.winnow}`;
  const ofWinnow = (libraries: readonly string[]) =>
    libraries.map((library) => [library, winnow] as const);
  const manifest = {
    name,
    version: '0.1.0',
    description: `A plugin for Winnow: ${about}.`,
    keywords: ['winnow-plugin'],
    license: 'UNLICENSED',
    type: 'module',
    sideEffects: false,
    exports: { '.': { types: './dist/index.d.ts', default: './dist/index.js' } },
    files: ['dist', '!dist/**/*.test.*'],
    engines: { node: '>=20.19.0' },
    scripts: {
      build: 'tsc',
      test: 'tsc && node --test dist/*.test.js',
      prepack: 'npm test',
    },
    // An objective may come to have options too.
    dependencies: { zod: versions.zod },
    peerDependencies: Object.fromEntries([
      ['@tensorflow/tfjs-core', versions.tfjs],
      ...ofWinnow(['@winnow/plugin-api', ...libraries].sort()),
    ]),
    devDependencies: Object.fromEntries([
      ['@types/node', NODE_TYPES],
      ...ofWinnow([...testLibraries, '@winnow/testing']),
      ['typescript', TYPESCRIPT],
      ['@winnow/cli', winnow],
    ]),
  };
  const readme = `# ${name}

A plugin for Winnow that adds ${about}. The component is in \`src/${component}.ts\`, its test beside it.

With Winnow from npm (from a clone, \`winnow plugin init\` has said what takes the place of \`npm install\`):

\`\`\`sh
npm install
npm test       # builds, and runs Winnow's conformance checks${written ? '' : ' and a number computed by hand'}
npx winnow run ${tryFlags(kind, name)}
\`\`\`

Elsewhere, once it is published:

\`\`\`sh
npm install @winnow/cli ${name}
npx winnow run --plugin ${name} ${template.flags(component)}
\`\`\`

Before you publish it, choose a licence: \`license\` in \`package.json\` says \`UNLICENSED\`, which allows nobody anything.
`;
  return new Map([
    ['package.json', json(manifest)],
    ['tsconfig.json', TSCONFIG],
    ['.gitignore', 'node_modules\ndist\nruns\n'],
    ['README.md', readme],
    ...sourceFiles(name, names, sources),
  ]);
}
