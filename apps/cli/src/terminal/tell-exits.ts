import { writeSync } from 'node:fs';
import { endedByPlugin } from '@winnow/plugin-host';
import { errorLine } from './tell-error.ts';

let heeded = false;

/** From now on a plugin that ends the process is named, since that would look as if all were done. */
export function tellExits(): void {
  if (heeded) return;
  heeded = true;
  process.on('exit', () => {
    const error = endedByPlugin();
    if (!error) return;
    process.exitCode = 1;
    try {
      writeSync(process.stderr.fd, errorLine(error.code, error.message));
    } catch {
      // Nobody reads it; the exit code tells.
    }
  });
}
