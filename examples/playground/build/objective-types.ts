import { readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import type { Plugin } from 'vite';
import { COMPILER_OPTIONS } from './compiler-options.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const HERE = fileURLToPath(new URL('..', import.meta.url));
/** What an objective may import, and with it all that the compiler reads. */
const MODULES = ['@tensorflow/tfjs-core', '@winnow/plugin-api', '@winnow/tensor-backend'];
/** What tells a package's name and entries. */
const MANIFEST = 'package.json';

/** As compilers and the editor write paths, on Windows too. */
const slashed = (path: string) => path.split(sep).join('/');

/** Where a file lies for the editor, which knows no disk: libraries at the root, packages in one node_modules. */
function editorPath(onDisk: string): string {
  const path = slashed(onDisk);
  const within = slashed(relative(ROOT, onDisk));
  const modules = path.lastIndexOf('/node_modules/');
  if (modules >= 0) return placed(path.slice(modules));
  const library = /^libs\/([\w-]+)\/(.*)$/.exec(within);
  return library ? `/node_modules/@winnow/${library[1]}/${library[2]}` : `/${within}`;
}

const placed = (path: string) => path.replace(/^\/node_modules\/typescript\/lib\//, '/');

function manifestOf(path: string): string | undefined {
  for (let folder = dirname(path); folder.startsWith(ROOT); folder = dirname(folder)) {
    const manifest = join(folder, MANIFEST);
    const name =
      ts.sys.fileExists(manifest) &&
      (JSON.parse(readFileSync(manifest, 'utf8')) as { name?: string }).name;
    if (name) return manifest;
  }
  return undefined;
}

/** Every declaration that an objective's text can come upon, by its path in the editor. */
export function objectiveTypes(): Record<string, string> {
  const entry = slashed(join(HERE, 'src/objective.ts'));
  const text = MODULES.map((name, i) => `import * as m${i} from '${name}'; void m${i};`).join('\n');
  const host = ts.createCompilerHost(COMPILER_OPTIONS);
  const onDisk = { ...host };
  host.fileExists = (path) => path === entry || onDisk.fileExists(path);
  host.getSourceFile = (path, ...how) =>
    path === entry ? ts.createSourceFile(path, text, how[0]) : onDisk.getSourceFile(path, ...how);
  const program = ts.createProgram([entry], COMPILER_OPTIONS, host);
  const found = program.getSourceFiles().filter(({ fileName }) => fileName !== entry);
  const files: Record<string, string> = {};
  for (const { fileName, text } of found) {
    const real = ts.sys.realpath!(fileName);
    files[editorPath(real)] = text;
    const manifest = manifestOf(real);
    if (manifest && manifest !== join(ROOT, MANIFEST))
      files[editorPath(manifest)] = readFileSync(manifest, 'utf8');
  }
  return files;
}

const MODULE = slashed(join(HERE, 'src/editor/objective-types.ts'));

/** Gives the editor its types: fills in the module that holds them. */
export function objectiveTypesPlugin(): Plugin {
  return {
    name: 'types of objectives',
    load: (id) =>
      id === MODULE ? `export default ${JSON.stringify(objectiveTypes())}` : undefined,
  };
}
