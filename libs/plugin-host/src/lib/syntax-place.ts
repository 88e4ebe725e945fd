import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { IS_CODE, reachedModules } from './reached-modules.ts';

const PLACE = /^(file:\/\/)?(\/.+):(\d+)$/;

/** What Node puts above the error, where it does; below are frames, with columns. */
function placeIn(told: string): string | undefined {
  const [, scheme = '', path, line] = PLACE.exec(told.split('\n', 1)[0]!) ?? [];
  if (path === undefined) return undefined;
  return `${scheme ? fileURLToPath(scheme + path) : path}, line ${line!}`;
}

/** What Node says of a file that is no JavaScript; nothing of one that is. */
const complaint = (path: string) =>
  new Promise<string>((resolve) => {
    execFile(process.execPath, ['--check', path], (error, _, stderr) =>
      resolve(error ? stderr : ''),
    );
  });

/**
 * The file and the line of a syntax error in a plugin's own files, which the error itself need not tell; nothing of one that
 * was thrown at run time.
 */
export async function syntaxPlace(entry: string, error: Error): Promise<string | undefined> {
  const told = placeIn(error.stack ?? '');
  if (told !== undefined) return told;
  for (const path of (await reachedModules(entry)).keys()) {
    if (!IS_CODE.test(path)) continue;
    const place = placeIn(await complaint(path));
    if (place !== undefined) return place;
  }
  return undefined;
}
