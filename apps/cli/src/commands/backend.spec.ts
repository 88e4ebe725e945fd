import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { runWinnow } from '../testing/run-winnow.ts';

let root: string;
let before: string | undefined;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'winnow-backends-'));
  before = process.env['WINNOW_BACKENDS'];
  process.env['WINNOW_BACKENDS'] = root;
});

afterEach(() => {
  if (before === undefined) delete process.env['WINNOW_BACKENDS'];
  else process.env['WINNOW_BACKENDS'] = before;
  rmSync(root, { recursive: true, force: true });
});

/** As one that was made by another version and has lost its packages. */
function installed(): string {
  const folder = join(root, 'tensorflow');
  mkdirSync(join(folder, 'site-packages/tensorflow'), { recursive: true });
  writeFileSync(join(folder, 'site-packages/tensorflow/lib.so'), Buffer.alloc(1_600_000));
  writeFileSync(join(folder, 'installed.json'), '{"versions":{"tensorflow":"2.15.1"}}');
  return folder;
}

describe('winnow backend', () => {
  it('install says that a backend is there, where, what it weighs, whether it starts, and how to undo it', async () => {
    const folder = installed();
    const { status, stdout, stderr } = await runWinnow('backend', 'install', 'tensorflow');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout.split('\n')).toEqual([
      'Backend tensorflow was there already, but does not start here.',
      `  in       ${folder}`,
      '  versions tensorflow 2.15.1',
      '  weighs   2 MB: TensorFlow 2 MB',
      expect.stringMatching(
        /^ {2}starts {3}no: Backend "tensorflow" is not whole in .*winnow backend remove tensorflow/,
      ),
      'To undo it: winnow backend remove tensorflow',
      '',
    ]);
  });

  it('check tells the same to programs, and remove undoes it', async () => {
    const folder = installed();
    const check = await runWinnow('backend', 'check', 'tensorflow', '--json');
    expect([check.status, check.stderr]).toEqual([
      1,
      expect.stringMatching(/^error \[BACKEND_UNAVAILABLE\]: Backend "tensorflow" does not start/),
    ]);
    expect(JSON.parse(check.stdout)).toEqual([
      {
        name: 'tensorflow',
        installed: {
          name: 'tensorflow',
          folder,
          versions: { tensorflow: '2.15.1' },
          parts: [{ what: 'TensorFlow', bytes: 1_600_000 }],
        },
        start: { starts: false, reason: expect.any(String) },
      },
    ]);
    const removed = await runWinnow('backend', 'remove', 'tensorflow');
    expect(removed.stdout).toBe(`Removed ${folder} (2 MB).\n`);
    const again = await runWinnow('backend', 'remove', 'tensorflow');
    expect(again.stdout).toBe('Backend tensorflow was not installed.\n');
    expect(existsSync(root)).toBe(false);
  });

  it('refuses backends that are not to be installed', async () => {
    for (const verb of ['install', 'check', 'remove']) {
      const { status, stderr } = await runWinnow('backend', verb, 'wasm');
      expect([status, stderr]).toEqual([
        1,
        expect.stringMatching(/^error \[NOT_INSTALLABLE\]: .*tensorflow, tensorflow-gpu, webgpu/),
      ]);
      const near = await runWinnow('backend', verb, 'tensorflw');
      expect(near.stderr).toContain('Did you mean "tensorflow"?');
    }
  });

  it.each(['install', 'remove'])('%s tells the names where none is given', async (verb) => {
    const { status, stderr } = await runWinnow('backend', verb);
    expect([status, stderr]).toEqual([
      1,
      'error [INVALID_OPTION]: The name of a backend is missing. It is one of tensorflow, tensorflow-gpu, webgpu.\n',
    ]);
  });
});
