import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { defineObserver, definePlugin } from '@winnow/plugin-api';
import * as z from 'zod';

const LOG = fileURLToPath(new URL('log.py', import.meta.url));

/** The configuration of a run, and then what happens in it, a line of JSON each, to a process that logs it. */
export const wandb = defineObserver({
  name: 'wandb',
  summary: 'Weights & Biases, by its Python package',
  options: z.strictObject({
    wandbProject: z.string().default('winnow').describe('that runs belong to'),
    wandbPython: z.string().default('python3').describe('that has the package wandb'),
  }),
  observe({ place, config }, { wandbProject, wandbPython }) {
    const child = spawn(wandbPython, [LOG, place, wandbProject], {
      stdio: ['pipe', 'ignore', 'ignore'],
      // A group of its own, which Ctrl-C does not reach: it ends when it has logged all.
      detached: true,
    });
    const ended = once(child, 'close').then(([status]) => {
      if (status !== 0) throw new Error(`${wandbPython} ${LOG} ended with ${status}.`);
    });
    /** @type {unknown} */
    let failure;
    ended.catch((error) => (failure = error));
    // Whoever ends early is told of by its status.
    child.stdin.on('error', () => {});
    const tell = (/** @type {object} */ message) =>
      child.stdin.write(`${JSON.stringify(message)}\n`);
    tell(config);
    return {
      on(event) {
        if (failure) throw failure;
        tell(event);
      },
      async close() {
        child.stdin.end();
        await ended;
      },
    };
  },
});

export default definePlugin({ name: 'wandb-example', components: [wandb] });
