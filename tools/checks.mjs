import { spawn } from 'node:child_process';
import { root } from './set-up.mjs';

/** Runs a script with this Node in the project's folder; returns its exit status and all that it wrote. */
export function ended(script, { env = {}, shown = false, timeout } = {}) {
  return new Promise((resolve) => {
    const settings = { cwd: root, env: { ...process.env, ...env }, timeout };
    const child = spawn(process.execPath, script, settings);
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text) => {
        output += text;
        if (shown) process.stdout.write(text);
      });
    child.on('close', (status) => resolve({ status, output }));
  });
}

/** How many of the engine's own tests passed and failed, told by the last line of their program. */
export function engineTests({ status, output }) {
  const [, all, failed] = /(\d+) checks, (\d+) failed/.exec(output) ?? [0, 1, 1];
  const passed = all - failed;
  // A program that a sanitizer ends has counted nothing amiss.
  return { passed, failed: Number(failed) || (status === 0 ? 0 : 1) };
}
