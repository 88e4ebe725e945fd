import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const ENTRY = fileURLToPath(new URL('../../apps/cli/bin/winnow.js', import.meta.url));

/** A start of the program: its process, and what comes of it. */
export function winnow(args) {
  const child = spawn(process.execPath, [ENTRY, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let [output, errors] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text) => (errors += text));
  const ended = new Promise((resolve) => {
    child.on('close', (code, signal) => resolve({ status: signal ?? code, output, errors }));
  });
  return { child, ended };
}
