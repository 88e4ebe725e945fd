// Kills a run that observers watch, goes on with it, and compares what TensorBoard's own reader and an MLflow server on
// loopback have of it with the run's files: each step once, with its number.
//   node tools/check-observers/check-observers.mjs [--python python3] [--only tensorboard]
// `--python` is one with the packages `tensorboard` and `mlflow`. Ends with 1 where something differs.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { RunFolder } from '@winnow/experiments';
import { winnow } from '../check-runs/winnow.mjs';

const { values: options } = parseArgs({
  options: {
    python: { type: 'string', default: 'python3' },
    only: { type: 'string', default: '' },
  },
});
const { python } = options;
const READ_BACK = fileURLToPath(new URL('read_back.py', import.meta.url));
const RUN =
  '--dataset digits --model lenet --density 0.1 --epochs 300 --search-epochs 40 --validate-every 7'.split(
    ' ',
  );
const place = mkdtempSync(join(tmpdir(), 'winnow-observers-'));
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function until(is) {
  for (const end = Date.now() + 120_000; !(await is()); await wait(50))
    if (Date.now() > end) throw new Error('It takes more than two minutes.');
}

/** A run that is killed seconds into its training, and then gone on with to its end. */
async function watchedRun(name, ...observing) {
  const folder = join(place, name);
  const { child, ended } = winnow([
    'run',
    ...RUN,
    ...['--checkpoint-seconds', '1.7', '--out', folder],
    ...observing,
  ]);
  await until(() => existsSync(join(folder, 'checkpoint/train.safetensors')));
  await wait(1200);
  child.kill('SIGKILL');
  assert.equal((await ended).status, 'SIGKILL', 'It ended before it was killed.');
  const { status, errors } = await winnow(['resume', folder, ...observing]).ended;
  assert.deepEqual({ status, notes: errors.match(/^note: .*$/gm) }, { status: 0, notes: null });
  return new RunFolder(folder);
}

/** What was logged: numbers by tag, as the files of the run have them. */
async function logged(run) {
  const scalars = {};
  const note = (tag, step, value) => (scalars[tag] ??= []).push([step, value]);
  for (const { phase, step, epoch: _, ...numbers } of await run.readMetrics())
    for (const [name, value] of Object.entries(numbers))
      note(
        name
          .replace(/^validation(.*)/, (_, rest) => `validation/${rest.toLowerCase()}`)
          .replace(/^(?!.*\/)/, `${phase}/`),
        step,
        value,
      );
  const { counts, layers, density } = await run.readTicket();
  note('ticket/density', 0, density);
  for (const [layer, kept] of counts)
    note(`layer-density/${layer}`, 0, kept / layers.get(layer).kept.length);
  const result = await run.readResult();
  for (const name of ['testAccuracy', 'testLoss', 'validationAccuracy', 'accuracyBeforeTraining'])
    note(`result/${name}`, 0, result[name]);
  for (const [phase, minutes] of Object.entries(result.minutes))
    note(`minutes/${phase}`, 0, minutes);
  return scalars;
}

const readBack = (...words) =>
  JSON.parse(execFileSync(python, [READ_BACK, ...words], { encoding: 'utf8', maxBuffer: 2 ** 28 }));

const asFloat32 = (scalars) =>
  Object.fromEntries(
    Object.entries(scalars).map(([tag, points]) => [
      tag,
      points.map(([step, value]) => [step, Math.fround(value)]),
    ]),
  );

/** Throws with the first difference alone, of thousands of numbers. */
function assertSame(found, expected) {
  assert.deepEqual(Object.keys(found).sort(), Object.keys(expected).sort());
  for (const [tag, points] of Object.entries(expected)) {
    const i = points.findIndex((point, n) => String(found[tag][n]) !== String(point));
    if (i >= 0) assert.fail(`${tag}: ${found[tag][i]} is ${points[i]} in the run's files`);
    assert.equal(found[tag].length, points.length, `${tag}: there are more numbers`);
  }
}

const numbersIn = (scalars) => Object.values(scalars).flat().length;

async function tensorboard() {
  const run = await watchedRun('tensorboard', '--observe', 'tensorboard');
  const expected = asFloat32(await logged(run));
  const { scalars, parameters, status } = readBack('tensorboard', join(run.path, 'tensorboard'));
  assertSame(scalars, expected);
  assert.equal(status, 'STATUS_SUCCESS');
  assert.equal(parameters['method.searchEpochs'], 40);
  return numbersIn(expected);
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function mlflow() {
  const port = String(await freePort());
  const uri = `http://127.0.0.1:${port}`;
  const store = `sqlite:///${join(place, 'mlflow.db')}`;
  const words = ['-m', 'mlflow', 'server', '--workers', '1', '--backend-store-uri', store];
  const where = ['--default-artifact-root', join(place, 'artifacts'), '--host', '127.0.0.1'];
  // A group of its own, whose workers end with it.
  const server = spawn(python, [...words, ...where, '--port', port], {
    stdio: 'ignore',
    detached: true,
  });
  try {
    const isUp = () => fetch(`${uri}/health`, { signal: AbortSignal.timeout(1000) });
    await until(() =>
      isUp().then(
        ({ ok }) => ok,
        () => false,
      ),
    );
    const run = await watchedRun('mlflow', '--observe', 'mlflow', '--mlflow-uri', uri);
    const expected = await logged(run);
    const { runId } = JSON.parse(readFileSync(join(run.path, 'mlflow.json'), 'utf8'));
    const { scalars, parameters, status } = readBack('mlflow', uri, runId);
    assertSame(scalars, expected);
    assert.equal(status, 'FINISHED');
    assert.equal(parameters['method.searchEpochs'], '40');
    return numbersIn(expected);
  } finally {
    process.kill(-server.pid);
  }
}

try {
  for (const check of [tensorboard, mlflow]) {
    if (!check.name.includes(options.only)) continue;
    console.log(`${check.name}: ${await check()} numbers of a run that was killed, each once`);
  }
} finally {
  rmSync(place, { recursive: true });
}
