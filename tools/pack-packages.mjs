// Builds every library and the command line, and packs them for npm:
//   node tools/pack-packages.mjs --out DIR [--without-engines] [--for NAME,NAME …]
// It refuses to pack without a prebuilt engine for each platform; --without-engines packs those that there are, for a trial.
// --for pruners,layers-model packs these and what they need of Winnow alone.
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { missingEngines } from './prebuilt-engines.mjs';
import { compile, root, run } from './set-up.mjs';

const { values } = parseArgs({
  options: {
    out: { type: 'string' },
    'without-engines': { type: 'boolean', default: false },
    for: { type: 'string' },
  },
});
if (!values.out) {
  console.error('Give --out, the folder to pack into.');
  process.exit(1);
}
const missing = missingEngines();
if (missing) {
  const hint = values['without-engines']
    ? ''
    : ' Build them (the workflow prebuild does), or give --without-engines for a trial.';
  console.error(`${missing}${hint}`);
  if (!values['without-engines']) process.exit(1);
}
const out = resolve(values.out);
mkdirSync(out, { recursive: true });

const all = [...readdirSync(join(root, 'libs')).map((name) => `libs/${name}`), 'apps/cli'].filter(
  (room) => existsSync(join(root, room, 'package.json')),
);
const roomOf = (name) => all.find((room) => room.endsWith(`/${name}`));
const unknown = values.for?.split(',').find((name) => !roomOf(name));
if (unknown !== undefined) {
  const names = all.map((room) => room.split('/')[1]).join(', ');
  console.error(`There is no package "${unknown}". Those that there are: ${names}.`);
  process.exit(1);
}

/** The rooms of packages and of all that they need, each once. */
function withNeeded(names, found = new Set()) {
  for (const room of names.map(roomOf)) {
    if (found.has(room)) continue;
    found.add(room);
    const { dependencies = {} } = JSON.parse(
      readFileSync(join(root, room, 'package.json'), 'utf8'),
    );
    const own = Object.keys(dependencies).filter((name) => name.startsWith('@winnow/'));
    withNeeded(
      own.map((name) => name.slice('@winnow/'.length)),
      found,
    );
  }
  return [...found];
}

const rooms = values.for ? withNeeded(values.for.split(',')) : all;
if (compile(...rooms.map((room) => `${room}/tsconfig.lib.json`)) !== 0) process.exit(1);

// What was compiled from a source that is gone.
for (const room of rooms) {
  for (const file of readdirSync(join(root, room, 'dist'), { recursive: true })) {
    const source = file.replace(/(\.d\.ts|\.js)(\.map)?$/, '.ts');
    const stale = source !== file && !existsSync(join(root, room, 'src', source));
    if (stale || file.endsWith('.map')) rmSync(join(root, room, 'dist', file));
  }
}

const pack = ['pack', '--silent', '--pack-destination', out];
if (run('npm', [...pack, ...rooms.flatMap((room) => ['--workspace', room])]) !== 0) process.exit(1);
const { version } = JSON.parse(readFileSync(join(root, 'apps/cli/package.json'), 'utf8'));
console.error(`Packed ${rooms.length} packages of version ${version} into ${out}.`);
