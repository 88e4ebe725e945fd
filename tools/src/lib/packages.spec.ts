import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { readTicket } from '@winnow/tickets/files';
import { publint } from 'publint';
import ts from 'typescript';
import { copyOut } from './copy-out.ts';
import { type UnpackedPackage, link, needs, unpackPackages } from './unpack-packages.ts';

jest.setTimeout(300_000);

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const TFJS = '@tensorflow/tfjs-core';
const ALLOWED = [
  /^(package\.json|README\.md|LICENSE)$/,
  /^dist\/[\w/-]+\.(js|d\.ts)$/,
  // The command, the handwritten digits, the golden files, the engines.
  /^bin\/winnow\.js$/,
  /^assets\/[\w.-]+$/,
  /^golden\/resnet8\/\w+\.safetensors$/,
  /^prebuilds\/[\w.-]+\/[\w.-]+\.node$/,
];
const run = promisify(execFile);
const env = { ...process.env, NODE_OPTIONS: '' };

// Outside of the workspace, whose node_modules would be found from anywhere in it.
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'winnow-packages-')));
const consumer = join(folder, 'consumer');
let packages: UnpackedPackage[];
let libraries: UnpackedPackage[];

beforeAll(async () => {
  const tarballs = join(folder, 'tarballs');
  const script = join(ROOT, 'tools/pack-packages.mjs');
  await run(process.execPath, [script, '--out', tarballs, '--without-engines'], { env });
  packages = unpackPackages(tarballs, join(folder, 'store'), ROOT);
  libraries = packages.filter(({ manifest }) => manifest.name !== '@winnow/cli');
  for (const { manifest, folder: target } of packages)
    link(target, join(consumer, 'node_modules', manifest.name));
  // What npm would install beside them: the peers that they have in common.
  const peers = libraries.flatMap(({ manifest }) => needs({ ...manifest, dependencies: {} }));
  for (const name of new Set([...peers, '@types/node']))
    link(join(ROOT, 'node_modules', name), join(consumer, 'node_modules', name));
  writeFileSync(join(consumer, 'package.json'), '{ "type": "module" }');
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Asserts of each package by name, so that a failure says which. */
function each(of: (one: UnpackedPackage) => unknown, expected: (one: UnpackedPackage) => unknown) {
  const named = (value: (one: UnpackedPackage) => unknown) =>
    Object.fromEntries(packages.map((one) => [one.manifest.name, value(one)]));
  expect(named(of)).toEqual(named(expected));
}

/** What an import may name of a package: `@winnow/files`, `@winnow/files/disk`; a string is a file that is no module. */
const entriesOf = ({ manifest: { name, exports } }: UnpackedPackage) =>
  Object.entries(exports)
    .filter(([, place]) => typeof place === 'object')
    .map(([entry]) => name + entry.slice(1));

describe('every package', () => {
  it('holds what is needed to run it, its licence and its README, and nothing else', () => {
    const licence = readFileSync(join(ROOT, 'LICENSE'), 'utf8');
    each(
      ({ files }) => files.filter((file) => !ALLOWED.some((pattern) => pattern.test(file))),
      () => [],
    );
    each(
      ({ files }) => files.filter((file) => /\.(spec|test)\.|testing\/run-winnow/.test(file)),
      () => [],
    );
    each(
      ({ folder: own }) => readFileSync(join(own, 'LICENSE'), 'utf8') === licence,
      () => true,
    );
    each(
      ({ folder: own, manifest }) =>
        readFileSync(join(own, 'README.md'), 'utf8').startsWith(`# ${manifest.name}\n`),
      () => true,
    );
  });

  it('has the files that its package.json names', () => {
    const named = ({ manifest }: UnpackedPackage) =>
      [
        ...Object.values(manifest.exports).flatMap((entry) =>
          typeof entry === 'string' ? [entry] : Object.values(entry),
        ),
        ...Object.values(manifest.bin ?? {}),
        ...[manifest.main, manifest.types].filter((path) => path !== undefined),
      ].map((path) => path.replace('./', ''));
    // A path that ends with * names all files that begin as it does, of which there must be one.
    const isIn = (files: readonly string[]) => (path: string) =>
      files.some(
        (file) => file === path || (path.endsWith('*') && file.startsWith(path.slice(0, -1))),
      );
    each(
      (one) => named(one).filter((path) => !isIn(one.files)(path)),
      () => [],
    );
  });

  it('pins what it depends on, all of Winnow to one version, and leaves tfjs-core to whoever installs it', () => {
    const { version } = packages[0]!.manifest;
    const optional = ['@tensorflow/tfjs-node', '@tensorflow/tfjs-node-gpu'];
    each(
      ({ manifest }) => [manifest.version, manifest.license, manifest.engines.node],
      () => [version, 'Apache-2.0', '>=20.19.0'],
    );
    each(
      ({ manifest }) =>
        Object.entries({ ...manifest.dependencies, ...manifest.peerDependencies }).filter(
          ([name, wanted]) =>
            !/^\d+\.\d+\.\d+$/.test(wanted) || (name.startsWith('@winnow/') && wanted !== version),
        ),
      () => [],
    );
    each(
      ({ manifest }) => TFJS in (manifest.dependencies ?? {}),
      ({ manifest }) => manifest.name === '@winnow/cli',
    );
    const peers = [TFJS, '@tensorflow/tfjs-layers', ...optional];
    each(
      ({ manifest }) =>
        Object.keys(manifest.peerDependencies ?? {}).filter((name) => !peers.includes(name)),
      () => [],
    );
    each(
      ({ manifest }) => manifest.keywords.length > 2,
      () => true,
    );
  });

  it('brings what decodes and unpacks files with the libraries that read them, and with no other', () => {
    const brings = (name: string): string[] => {
      const ours = packages.find(({ manifest }) => manifest.name === name);
      return [name, ...(ours ? needs(ours.manifest).flatMap(brings) : [])];
    };
    const ofData = ['sharp', 'tar', 'hyparquet', 'hyparquet-compressors', 'yauzl'];
    const ofNetworks = ['h5wasm', 'yauzl'];
    const all = [...new Set([...ofData, ...ofNetworks])].sort();
    const due: Record<string, readonly string[]> = {
      '@winnow/datasets': [...ofData].sort(),
      ...Object.fromEntries(
        ['exchange', 'experiments', 'studies'].map((name) => [`@winnow/${name}`, ofNetworks]),
      ),
      '@winnow/cli': all,
    };
    each(
      ({ manifest }) => all.filter((reader) => brings(manifest.name).includes(reader)),
      ({ manifest: { name } }) => due[name] ?? [],
    );
  });

  it('does nothing when it is imported, but where it says so', () => {
    // Modules that are processes and threads of their own.
    const own: Record<string, readonly string[]> = {
      '@winnow/datasets': ['./dist/lib/parquet/reader-process.js'],
      '@winnow/exchange': ['./dist/lib/read/hdf5-process.js'],
      '@winnow/files': ['./dist/lib/confined/watch-limits.js'],
    };
    each(
      ({ manifest }) => manifest.sideEffects,
      ({ manifest: { name } }) => (name === '@winnow/cli' ? undefined : (own[name] ?? false)),
    );
    const statements = ({ folder, files, manifest: { sideEffects } }: UnpackedPackage) => {
      if (sideEffects === undefined) return [];
      return files
        .filter((file) => file.endsWith('.js') && !(sideEffects || []).includes(`./${file}`))
        .flatMap((file) => {
          const text = readFileSync(join(folder, file), 'utf8');
          return (
            ts
              .createSourceFile(file, text, ts.ScriptTarget.ES2023)
              .statements.filter((node) => ts.isExpressionStatement(node) || ts.isIfStatement(node))
              .map((node) => `${file}: ${text.slice(node.pos, node.end).trim()}`)
              // The compiler's own, for classes with private members.
              .filter((line) => !/: _\w+ = \w+;$/.test(line))
          );
        });
    };
    each(statements, () => []);
  });

  it('pleases publint', async () => {
    const problems = new Map<string, readonly unknown[]>();
    for (const { manifest, folder: own } of packages) {
      const { messages } = await publint({ pkgDir: own, pack: false, strict: true });
      // No repository is settled yet that a page could link to.
      problems.set(
        manifest.name,
        messages.filter(({ code }) => code !== ('USE_REPOSITORY' as string)),
      );
    }
    each(
      ({ manifest }) => problems.get(manifest.name),
      () => [],
    );
  });
});

describe('installed alone', () => {
  it('every library can be imported, on one TensorFlow.js', async () => {
    const names = libraries.flatMap(entriesOf);
    writeFileSync(
      join(consumer, 'import-all.mjs'),
      `import * as tf from '${TFJS}';
      for (const name of ${JSON.stringify(names)}) await import(name);
      const { wasm } = await import('@winnow/tensor-backend');
      await wasm.start();
      console.log(tf.getBackend());`,
    );
    const { stdout, stderr } = await run(process.execPath, ['import-all.mjs'], {
      cwd: consumer,
      env,
    });
    expect({ stdout, stderr }).toEqual({ stdout: 'wasm\n', stderr: '' });
  });

  it('the command lists what is built in', async () => {
    const winnow = join(consumer, 'node_modules/@winnow/cli/bin/winnow.js');
    const { stdout } = await run(process.execPath, [winnow, 'list', '--json'], {
      cwd: consumer,
      env,
    });
    const listed = JSON.parse(stdout) as Record<string, { name: string }[]>;
    expect(listed['objective']!.map(({ name }) => name)).toContain('kl');
    expect(listed['backend']!.map(({ name }) => name)).toContain('wasm');
  });

  it('libraries and the examples of their READMEs pass the strict compiler', () => {
    mkdirSync(join(consumer, 'src'), { recursive: true });
    const sources = libraries.flatMap(entriesOf).map((entry, i) => {
      const path = join(consumer, 'src', `all-${i}.ts`);
      writeFileSync(path, `import * as all from '${entry}';\nexport default all;\n`);
      return path;
    });
    for (const { manifest, folder: own } of libraries) {
      const blocks = readFileSync(join(own, 'README.md'), 'utf8').matchAll(/```ts\n([\s\S]*?)```/g);
      for (const [i, [, code]] of [...blocks].entries()) {
        const path = join(consumer, 'src', `${manifest.name.replace(/\W/g, '-')}-${i}.ts`);
        writeFileSync(path, `${code}\nexport {};\n`);
        sources.push(path);
      }
    }
    const program = ts.createProgram(sources, {
      target: ts.ScriptTarget.ES2023,
      module: ts.ModuleKind.NodeNext,
      lib: ['lib.es2023.d.ts'],
      types: ['node'],
      typeRoots: [join(consumer, 'node_modules/@types')],
      strict: true,
      noEmit: true,
      skipLibCheck: false,
    });
    // TensorFlow.js's declarations want the DOM's, and those of Plot d3's: their authors' business.
    const ours = ts
      .getPreEmitDiagnostics(program)
      .filter(({ file }) => !file || file.fileName.startsWith(folder))
      .map(({ file, messageText }) => {
        const text = ts.flattenDiagnosticMessageText(messageText, '\n');
        return `${file?.fileName.slice(folder.length)}: ${text}`;
      });
    expect(ours).toEqual([]);
  });

  it('READMEs say to install what their examples import', () => {
    const missing = ({ manifest, folder: own }: UnpackedPackage) => {
      const text = readFileSync(join(own, 'README.md'), 'utf8');
      const installed = /^npm install (.*)$/m.exec(text)?.[1]?.split(' ') ?? [];
      const names = installed.map((word) => word.replace(/(?<=.)@[\d.]+$/, ''));
      const imported = [
        ...text.matchAll(/^(?:import|\} from).*?'((?:@[\w-]+\/)?[^'/]+)[^']*';$/gm),
      ].map((m) => m[1]!);
      return [...(imported.length > 0 ? [manifest.name] : []), ...imported].filter(
        (name) => !names.includes(name) && !name.startsWith('node:'),
      );
    };
    each(missing, () => []);
  });
});

describe('the plugin kit, copied out', () => {
  const kit = join(folder, 'plugin-kit');
  const inKit = (program: string, ...args: readonly string[]) => {
    const PATH = `${join(ROOT, 'node_modules/.bin')}${delimiter}${process.env['PATH']}`;
    return run(program, args, { cwd: kit, env: { ...env, PATH } });
  };
  const winnow = (...args: readonly string[]) =>
    inKit(process.execPath, 'node_modules/@winnow/cli/bin/winnow.js', ...args);

  beforeAll(() => {
    copyOut('plugin-kit', kit, packages, ROOT);
    mkdirSync(join(kit, 'csv'));
    const lines = (count: number, from: number) =>
      Array.from({ length: count }, (_, i) => {
        const pixels = Array.from({ length: 64 }, (_, p) => ((from + i) * (p + 1)) % 17);
        return `${i % 3},${pixels.join()}\n`;
      }).join('');
    writeFileSync(join(kit, 'csv/train.csv'), lines(60, 0));
    writeFileSync(join(kit, 'csv/test.csv'), lines(12, 60));
  });

  it('builds, and passes its own tests, the conformance suites among them', async () => {
    const { stdout } = await inKit('npm', 'test');
    expect(stdout).toMatch(/\bfail 0\b/);
    expect(Number(/\bpass (\d+)/.exec(stdout)![1])).toBeGreaterThan(90);
  });

  it.each([
    ['focal', '--objective focal --gamma 1 --search-epochs 1'],
    ['attention-transfer', '--objective attention-transfer --layers stem.bn --search-epochs 1'],
    ['cubic-magnitude', '--method cubic-magnitude --rounds 2 --round-epochs 1'],
    ['erk', '--method erk --dense-layers *.depthwise.*'],
  ])('finds tickets by its own model and data: %s', async (name, flags) => {
    const data = '--plugin . --dataset csv-folder:csv --model slim-mobilenet --density 0.25';
    const short = '--start init --epochs 1 --until ticket';
    await winnow('run', ...`${data} ${short} ${flags} --out runs/${name}`.split(' '));
    const ticket = await readTicket(join(kit, 'runs', name, 'ticket.safetensors'));
    // 9 · 8, then depthwise and pointwise of each block, and 64 · 3.
    const size = 72 + (72 + 128) + (144 + 512) + (288 + 1024) + (288 + 2048) + 192;
    expect([ticket.size, ticket.kept]).toEqual([size, Math.floor(size / 4)]);
    const depthwise = [...ticket.layers].filter(([layer]) => layer.includes('depthwise'));
    expect(depthwise).toHaveLength(4);
    const whole = depthwise.every(([, { kept }]) => kept.every((bit) => bit === 1));
    expect(whole).toBe(name === 'erk');
  });
});
