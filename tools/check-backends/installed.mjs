import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Whether a backend lies where `winnow backend install` puts it. */
export function installed(name) {
  const data = process.env.XDG_DATA_HOME || join(homedir(), '.local/share');
  const folder = process.env.WINNOW_BACKENDS || join(data, 'winnow/backends');
  return existsSync(join(folder, name, 'installed.json'));
}
