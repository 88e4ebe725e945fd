import { componentIn, identifierOf } from './component-names.ts';
import type { ComponentNames, ScaffoldKind } from './component-template.ts';
import { TEMPLATES } from './templates/by-kind.ts';

/** Text by path, with forward slashes. */
export type Files = ReadonlyMap<string, string>;

export interface PluginPackage {
  /** Of the npm package; without its scope it names the component. */
  readonly name: string;
  readonly kind: ScaffoldKind;
  readonly versions: {
    /** Of Winnow's packages, which move together. */
    readonly winnow: string;
    /** Those that Winnow itself takes, so that there is one copy of each. */
    readonly tfjs: string;
    readonly zod: string;
  };
}

// The compiler that Winnow itself is built with, and the oldest Node that it runs on.
export const TYPESCRIPT = '5.9.3';
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

function sourcesOf(packageName: string, kind: ScaffoldKind, names: ComponentNames): Files {
  const { name, identifier } = names;
  const index = `import { definePlugin } from '@winnow/plugin-api';
import { ${identifier} } from './${name}.ts';

export { ${identifier} };
export default definePlugin({ name: '${packageName}', components: [${identifier}] });
`;
  return new Map([
    ['src/index.ts', index],
    [`src/${name}.ts`, TEMPLATES[kind].component(names)],
    [`src/${name}.test.ts`, TEMPLATES[kind].packageTest(names)],
  ]);
}

/**
 * The files of an npm package around one component, which builds, passes its tests and runs as it is. Throws BAD_NAME where
 * the package's name, or what is left of it without a scope, does not do.
 */
export function pluginPackage({ name, kind, versions }: PluginPackage): Files {
  const template = TEMPLATES[kind];
  const component = componentIn(name);
  const nameless = sourcesOf('', kind, { name: '', identifier: '' });
  const identifier = identifierOf(component, kind, nameless.values());
  const winnow = `^${versions.winnow}`;
  const ofWinnow = (libraries: readonly string[]) =>
    libraries.map((library) => [library, winnow] as const);
  const manifest = {
    name,
    version: '0.1.0',
    description: `A plugin for Winnow: ${template.about}.`,
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
    ...(template.hasOptions ? { dependencies: { zod: versions.zod } } : {}),
    peerDependencies: Object.fromEntries([
      ['@tensorflow/tfjs-core', versions.tfjs],
      ...ofWinnow(['@winnow/plugin-api', ...template.libraries].sort()),
    ]),
    devDependencies: Object.fromEntries([
      ['@types/node', NODE_TYPES],
      ...ofWinnow([...template.testLibraries, '@winnow/testing']),
      ['typescript', TYPESCRIPT],
      ['@winnow/cli', winnow],
    ]),
  };
  const readme = `# ${name}

A plugin for Winnow that adds ${template.about}. The component is in \`src/${component}.ts\`, its test beside it.

\`\`\`sh
npm install
npm test       # builds, and runs Winnow's conformance checks and a number computed by hand
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
    ...sourcesOf(name, kind, { name: component, identifier }),
  ]);
}
