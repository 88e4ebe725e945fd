import { execFile } from 'node:child_process';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const MODULES = fileURLToPath(new URL('../../../node_modules', import.meta.url));

/** Unpacks a downloaded package into a folder as if it were installed there, and runs its own tests. Gives what is wrong. */
export async function tryPackage(folder, files) {
  for (const [path, bytes] of Object.entries(files)) {
    const place = join(folder, path);
    await mkdir(dirname(place), { recursive: true });
    await writeFile(place, bytes);
  }
  await symlink(MODULES, join(folder, 'node_modules'), 'dir');
  const [name] = Object.keys(files)[0].split('/');
  const own = join(folder, name);
  try {
    const { stdout } = await promisify(execFile)('npm', ['test'], { cwd: own });
    console.log(`  the package's own tests: ${/pass (\d+)/.exec(stdout)?.[1]} pass`);
    return [];
  } catch ({ stdout, stderr }) {
    return [`the package's own tests fail: ${stdout}${stderr}`];
  }
}
