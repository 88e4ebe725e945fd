// A release up to publishing, on this machine: builds the engine for it, packs everything, and tries the packages, engine
// included, in an empty folder on each Node that they are for:
//   npm run release:dry [-- --nodes 20,22,24]
// Engines for other machines come from the workflow prebuild; those that are missing are told.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { install, root } from './set-up.mjs';

const { values } = parseArgs({ options: { nodes: { type: 'string', default: '20,22,24' } } });
const nodes = values.nodes.split(',');
if (!nodes.every((major) => /^\d+$/.test(major))) {
  console.error('Give --nodes, major versions with commas between: 20,22,24.');
  process.exit(1);
}

install();
const folder = mkdtempSync(join(tmpdir(), 'winnow-release-'));
const script = (name, ...args) =>
  execFileSync(process.execPath, [join(root, 'tools', name), ...args], { stdio: 'inherit' });

/** Where npm's package `node` puts the program of a version. */
function nodeOf(major) {
  const place = join(folder, `node-${major}`);
  mkdirSync(place);
  writeFileSync(join(place, 'package.json'), '{ "private": true }');
  execFileSync('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error', `node@${major}`], {
    cwd: place,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  const program = process.platform === 'win32' ? 'node.exe' : 'node';
  const path = join(place, 'node_modules/node/bin', program);
  if (!existsSync(path)) throw new Error(`The package node@${major} brought no ${path}.`);
  return path;
}

try {
  script('prebuild-engine.mjs');
  const packages = join(folder, 'packages');
  script('pack-packages.mjs', '--out', packages, '--without-engines');
  for (const major of nodes)
    script('try-packages.mjs', '--packages', packages, '--node', nodeOf(major));
  console.error(`\nWhat would be released works on Node ${nodes.join(', ')}.`);
} catch (error) {
  console.error(`\nThis is no release: ${error.message}`);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true });
}
