import { build, install, root } from './set-up.mjs';
import { spawn } from 'node:child_process';

install();
console.error('Building …');
await build();
// Not waited for synchronously, so that Ctrl-C reaches the quickstart and this process outlives it.
process.on('SIGINT', () => {});
spawn(process.execPath, [`${root}apps/cli/bin/winnow.js`, 'quickstart', ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
}).on('exit', (status, signal) => process.exit(status ?? (signal ? 1 : 0)));
