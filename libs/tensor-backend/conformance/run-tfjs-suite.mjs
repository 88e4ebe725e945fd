// Runs TensorFlow.js's own test suite on a backend of ours:
//
//   node run-tfjs-suite.mjs [BACKEND] [--filter TEXT] [--own-gradients] [--report FILE]
//
// BACKEND is `native` where it has been built, else `cpu`. The kernels are tested, so the gradients are those of
// TensorFlow.js; --own-gradients tests ours where we have one. exclusions/BACKEND.json names the specs that fail, and why:
// one of them that passes fails the run.
import { build } from 'esbuild';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const require = createRequire(import.meta.url);
/** Of a failure's message: lines, and characters of each. */
const LINES = 3;
const WIDTH = 160;

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    filter: { type: 'string', default: '' },
    'own-gradients': { type: 'boolean', default: false },
    report: { type: 'string' },
  },
});
// Asked of the file and not of the loader, so that an engine that is there but does not load fails.
const engine = process.env.WINNOW_ENGINE ?? here('../build/Release/winnow_engine.node');
const backend = positionals[0] ?? (existsSync(engine) ? 'native' : 'cpu');
/** The name that it is registered by, and whose exclusions hold. */
const registered = backend.replace(/-gpu$/, '');
const BUNDLE = here(`../out-tsc/tfjs-suite/${backend}.mjs`);
const REPORT = options.report ?? here(`../out-tsc/tfjs-suite-${backend}.json`);
/** Or else small tensors are computed on the CPU, and what is tested is not what large ones get. */
const FLAGS = { webgpu: { WEBGPU_CPU_FORWARD: false } };

/** Lets our modules find what lies beside them, such as the addon, from within the bundle. */
const ownUrls = {
  name: 'own-urls',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]tensor-backend[\\/]dist[\\/].*\.js$/ }, ({ path }) => {
      const url = JSON.stringify(pathToFileURL(path).href);
      const contents = readFileSync(path, 'utf8').replaceAll('import.meta.url', url);
      return { contents, loader: 'js' };
    });
  },
};

async function bundle() {
  await build({
    entryPoints: [here('suite.mjs')],
    outfile: BUNDLE,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    // TensorFlow.js's separate modules, which the specs import; `main` would be a second copy of them.
    mainFields: ['module', 'main'],
    // It says of most spec files that they have no side effects.
    ignoreAnnotations: true,
    banner: {
      js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);",
    },
    define: {
      // Where the wasm backend looks for its binaries.
      __dirname: JSON.stringify(here('../../../node_modules/@tensorflow/tfjs-backend-wasm/dist')),
    },
    plugins: [ownUrls],
    logLevel: 'warning',
  });
  return import(pathToFileURL(BUNDLE));
}

/** Defines the specs, with TensorFlow.js's gradients or ours registered last. */
async function defineSpecs() {
  const suite = await bundle();
  const descriptor = suite.backends[backend];
  if (!descriptor) throw new Error(`There is no backend "${backend}".`);
  const flags = FLAGS[backend];
  suite.setTestEnvs([{ name: backend, backendName: registered, isDataSync: true, flags }]);
  if (options['own-gradients']) await suite.registerItsGradients();
  await descriptor.start();
  if (!options['own-gradients']) await suite.registerItsGradients();
  await suite.loadSpecs();
}

/**
 * The group of exclusions that a spec belongs to, by its name without the backend's. Of a group that `mayPass`, it depends
 * on the driver.
 */
function exclusions() {
  const file = here(`exclusions/${registered}.json`);
  const groups = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : [];
  const where = ` ${backend} ${JSON.stringify(FLAGS[backend] ?? {})}`;
  return (fullName) => {
    const name = fullName.replace(where, '');
    return groups.find(({ specs }) => specs.includes(name));
  };
}

/** Runs the specs in their order and resolves to their counts by status. */
async function runSpecs(jasmine) {
  const exclusionOf = exclusions();
  const counts = { passed: 0, failed: 0, pending: 0, excluded: 0 };
  const print = console.log;
  const showFailures = ({ fullName, failedExpectations }) => {
    for (const { message } of failedExpectations) {
      const lines = message.split('\n', LINES).map((line) => `\n  ${line.slice(0, WIDTH)}`);
      print(fullName + lines.join(''));
    }
  };
  const env = jasmine.getEnv();
  env.configure({
    random: false,
    specFilter(spec) {
      return spec.getFullName().includes(options.filter);
    },
  });
  env.clearReporters();
  env.addReporter({
    specDone(result) {
      const { fullName, status } = result;
      if (status === 'excluded') return;
      const exclusion = exclusionOf(fullName);
      if (!exclusion || status === 'pending') {
        counts[status]++;
        showFailures(result);
      } else if (status === 'failed' || exclusion.mayPass) {
        counts.excluded++;
      } else {
        counts.failed++;
        print(`${fullName}\n  passes, and is excluded`);
      }
    },
    // What fails outside of a spec, in a beforeAll or an afterAll.
    suiteDone(result) {
      counts.failed += result.failedExpectations.length;
      showFailures(result);
    },
    jasmineDone({ failedExpectations }) {
      counts.failed += failedExpectations.length;
      showFailures({ fullName: 'Jasmine', failedExpectations });
    },
  });
  // Specs of the debug mode print profiles and warnings.
  Object.assign(console, { log() {}, info() {}, warn() {} });
  await new Promise((done) => env.execute(null, done));
  Object.assign(console, { log: print });
  return counts;
}

rmSync(REPORT, { force: true });
const jasmineCore = require('jasmine-core');
const jasmine = jasmineCore.boot(jasmineCore);
jasmine.DEFAULT_TIMEOUT_INTERVAL = 20_000; // TensorFlow.js's choice, which it makes in a copy of Jasmine of its own
await defineSpecs();
const { passed, failed, pending, excluded } = await runSpecs(jasmine);
mkdirSync(dirname(REPORT), { recursive: true });
writeFileSync(REPORT, `${JSON.stringify({ passed, failed })}\n`);
if (pending > 0) console.log(`${pending} specs are switched off by TensorFlow.js`);
console.log(`${backend}: ${passed + failed} specs, ${failed} failed, ${excluded} excluded`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);
