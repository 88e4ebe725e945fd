import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { runWinnowIn } from '../testing/run-winnow.ts';

/** A data set that fails with the options that it is opened with. */
const PLUGIN = `
import { WinnowError, defineDataset, definePlugin } from '@winnow/plugin-api';
import * as z from 'zod';

export default definePlugin({
  name: 'telling',
  components: [
    defineDataset({
      name: 'telling',
      summary: 'tells its options',
      options: z.strictObject({
        parts: z.string().transform((text) => text.split(',')).default(['all']),
        side: z.array(z.int()).optional(),
        whole: z.boolean().default(true),
        shares: z.record(z.string(), z.number().max(1)).optional(),
      }),
      async open(options) {
        throw new WinnowError('BAD_DATA', JSON.stringify(options));
      },
    }),
  ],
});
`;

jest.setTimeout(60_000);

// Within the project, where the packages that a plugin imports are installed.
const parent = fileURLToPath(new URL('../../out-tsc/', import.meta.url));
let folder: string;
beforeAll(async () => {
  await mkdir(parent, { recursive: true });
  folder = await mkdtemp(join(parent, 'plugin-options-'));
  await writeFile(join(folder, 'telling.mjs'), PLUGIN);
});
afterAll(() => rm(folder, { recursive: true }));

const RUN = ['run', '--dataset', 'telling', '--density', '0.5'];

async function errorOf(words: readonly string[], section = '') {
  const config = `plugins: [./telling.mjs]\nrun:\n${section}`;
  await writeFile(join(folder, 'winnow.yaml'), config);
  const { status, stdout, stderr } = await runWinnowIn(folder, ...RUN, ...words);
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  return stderr;
}

/** What the data set was opened with. */
async function optionsOf(words: readonly string[], section?: string) {
  const [, options] = /^error \[BAD_DATA\]: (.*)\n$/.exec(await errorOf(words, section)) ?? [];
  return JSON.parse(options ?? 'null') as unknown;
}

describe("a plugin's options", () => {
  it('reach it from the command line, parsed once', async () => {
    expect(await optionsOf([])).toEqual({ parts: ['all'], whole: true });
    expect(await optionsOf([...'--parts a,b --side 3 --side 5 --no-whole'.split(' ')])).toEqual({
      parts: ['a', 'b'],
      side: [3, 5],
      whole: false,
    });
  });

  it('reach it from a configuration file as they stand there', async () => {
    const section = '  parts: a,b\n  side: [3]\n  whole: false\n  shares: { fc: 0.5 }\n';
    expect(await optionsOf(['--parts', 'c'], section)).toEqual({
      parts: ['c'],
      side: [3],
      whole: false,
      shares: { fc: 0.5 },
    });
  });

  it('are refused at the flag, and in the line, where they cannot stand', async () => {
    expect(await errorOf(['--shares', 'fc=0.5'])).toMatch(
      /^error \[INVALID_OPTION\]: --shares cannot be given on the command line\. .*\n$/,
    );
    expect(await errorOf([], '  side: [3]\n  shares: { fc: 2 }\n')).toMatch(
      /^error \[BAD_CONFIG\]: winnow\.yaml, line 4: "fc" of "shares" must be at most 1\. /,
    );
  });
});
