// Runs TensorFlow.js's own test suite on one of our backends:
//   node libs/tensor-backend/conformance/run-tfjs-suite.mjs BACKEND [--filter TEXT] [--own-gradients]
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const OUT = here('../out-tsc');
const BUNDLE = `${OUT}/tfjs-suite.mjs`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    filter: { type: 'string', default: '' },
    'own-gradients': { type: 'boolean', default: false },
  },
});
const [backend = 'cpu'] = positionals;
const exclusions = new Set(
  JSON.parse(readFileSync(here('exclusions.json'), 'utf8')).map(({ spec }) => spec),
);

await build({
  entryPoints: [here('suite.mjs')],
  outfile: BUNDLE,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  conditions: ['@winnow/source'],
  // The separate modules of TensorFlow.js; `main` is a second copy of them in one file.
  mainFields: ['module', 'main'],
  // Its package.json calls most of its spec files free of side effects.
  ignoreAnnotations: true,
  banner: {
    js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);",
  },
  logLevel: 'warning',
});

const jasmine = createRequire(import.meta.url)('jasmine-core');
const env = jasmine.boot(jasmine).getEnv();
const suite = await import(pathToFileURL(BUNDLE));
suite.setTestEnvs([{ name: backend, backendName: backend, isDataSync: true }]);
await suite.backends[backend].start();
await suite.registerItsGradients();
await suite.loadSpecs();
const count = { passed: 0, failed: 0, excluded: 0, pending: 0 };
env.configure({ random: false });
env.clearReporters();
env.addReporter({
  specDone(r) {
    count[r.status] = (count[r.status] ?? 0) + 1;
    if (r.status === 'failed')
      console.log(r.fullName, r.failedExpectations[0].message.slice(0, 300));
  },
  suiteDone(r) {
    for (const f of r.failedExpectations) console.log('SUITE', r.fullName, f.message);
  },
  jasmineDone(r) {
    console.log(count, r.overallStatus, r.totalTime, r.failedExpectations.length);
  },
});
env.execute();
