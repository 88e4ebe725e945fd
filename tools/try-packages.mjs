// Installs the packages in an empty folder elsewhere, as a user does, and tries them, up to a ticket found with an objective
// of one's own; then the examples. The licences of all that is installed are told, and looked at:
//   node tools/try-packages.mjs [--packages DIR] [--node PATH]
// DIR has what pack-packages.mjs made, which is called for if it is left out; PATH is the Node to try, this one otherwise.
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, delimiter, dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import ts from 'typescript';
import { root } from './set-up.mjs';

const { values } = parseArgs({
  options: { packages: { type: 'string' }, node: { type: 'string', default: process.execPath } },
});
const folder = mkdtempSync(join(tmpdir(), 'winnow-try-'));
const env = {
  ...process.env,
  PATH: `${dirname(resolve(values.node))}${delimiter}${process.env.PATH}`,
};

function step(cwd, command, ...args) {
  const from = performance.now();
  console.error(`\n$ ${[command, ...args].join(' ')}`);
  execFileSync(command, args, { cwd, env, stdio: 'inherit', shell: process.platform === 'win32' });
  console.error(`(${((performance.now() - from) / 1000).toFixed(1)} s)`);
}

const packs = resolve(values.packages ?? join(folder, 'packages'));
if (!values.packages) {
  const script = join(root, 'tools/pack-packages.mjs');
  step(root, process.execPath, script, '--out', packs, '--without-engines');
}
const tarballs = readdirSync(packs).map((name) => join(packs, name));
const install = (cwd) =>
  step(
    cwd,
    'npm',
    'install',
    '--no-save',
    '--no-audit',
    '--no-fund',
    '--prefer-offline',
    ...tarballs,
  );

const user = join(folder, 'user');
mkdirSync(user);
writeFileSync(join(user, 'package.json'), '{ "private": true, "type": "module" }');
install(user);
step(user, 'node', '--version');
step(user, 'npx', 'winnow', 'list', 'objective');
step(user, 'npx', 'winnow', 'doctor');
step(root, process.execPath, join(root, 'tools/check-licences.mjs'), user);

// An engine for this machine must start, where one is packed.
const engines = join(user, 'node_modules/@winnow/tensor-backend/prebuilds');
if (existsSync(join(engines, `${process.platform}-${process.arch}`))) {
  const cli = join(user, 'node_modules/@winnow/cli/bin/winnow.js');
  const told = execFileSync('node', [cli, 'doctor', '--json'], { cwd: user, env });
  const native = JSON.parse(told).backends.find(({ name }) => name === 'native');
  if (!native.starts) throw new Error(`The packed engine does not start: ${native.reason}`);
}

// The example of every README.
for (const room of readdirSync(join(root, 'libs'))) {
  const readme = readFileSync(join(user, 'node_modules/@winnow', room, 'README.md'), 'utf8');
  for (const [, name, saved] of readme.matchAll(/Save this as `(.*)`:\n\n```js\n([\s\S]*?)```/g))
    writeFileSync(join(user, name), saved);
  for (const [i, [, code]] of [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].entries()) {
    const { outputText } = ts.transpileModule(code, {
      compilerOptions: { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext },
    });
    writeFileSync(join(user, `${room}-${i}.js`), outputText);
    step(user, 'node', `${room}-${i}.js`);
  }
}

const own = join(user, 'my-objective');
step(user, 'npx', 'winnow', 'plugin', 'init', 'my-objective');
install(own);
step(own, 'npm', 'test');
const run = '--plugin . --dataset digits --model resnet8 --density 0.05 --epochs 4';
const runWith = (cwd, objective) =>
  step(cwd, 'npx', 'winnow', 'run', ...run.split(' '), '--objective', objective);
runWith(own, 'my-objective');

/** A run by way of the server, to its end. */
const BY_SERVER = `
import { serve } from './server.mjs';
const server = await serve({ folder: 'runs' });
const url = 'http://127.0.0.1:' + server.address().port + '/runs';
const wish = { dataset: 'digits', model: 'lenet', method: 'snip', density: 0.1, start: 'init', epochs: 2 };
await fetch(url, { method: 'POST', body: JSON.stringify(wish) });
const events = await (await fetch(url + '/1/events')).text();
if (!events.includes('"state":"done"')) throw new Error(events);
server.close();
`;

// The examples, copied out, and installed in one go, since that is most of the time.
const MADE = ['node_modules', 'dist', 'out-tsc', 'runs'];
const tries = {
  'plugin-kit'(cwd) {
    step(cwd, 'npm', 'test');
    runWith(cwd, 'jensen-shannon');
    const rounds = '--method cubic-magnitude --rounds 2 --dataset digits --model slim-mobilenet';
    const short = '--plugin . --density 0.2 --epochs 2';
    step(cwd, 'npx', 'winnow', 'run', ...rounds.split(' '), ...short.split(' '));
  },
  'own-model': (cwd) => step(cwd, 'node', 'prune.mjs'),
  'layers-model': (cwd) => step(cwd, 'node', 'prune.mjs'),
  server(cwd) {
    writeFileSync(join(cwd, 'by-server.mjs'), BY_SERVER);
    step(cwd, 'node', 'by-server.mjs');
  },
  wandb: (cwd) => step(cwd, 'npx', 'winnow', 'list', 'observer', '--plugin', './plugin.mjs'),
};
const copies = join(folder, 'examples');
const filter = (path) => !MADE.includes(basename(path));
// All but the playground, which is built in the clone.
for (const example of Object.keys(tries))
  cpSync(join(root, 'examples', example), join(copies, example), { recursive: true, filter });
writeFileSync(join(copies, 'package.json'), '{ "private": true, "workspaces": ["*"] }');
install(copies);
for (const [example, tried] of Object.entries(tries)) tried(join(copies, example));
rmSync(folder, { recursive: true });
console.error('\nAll of it works.');
