import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, open, readFile, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type HostTensor, sha256 } from '@winnow/files';
import { readSafetensors, writeSafetensors } from '@winnow/files/disk';
import { Golden } from '@winnow/golden';
import { type Outcome, runWinnow } from '../testing/run-winnow.ts';

const dir = await mkdtemp(join(tmpdir(), 'winnow-bad-input-'));
const at = (...names: string[]) => join(dir, ...names);
const words = (text: string) => text.split(' ');
jest.setTimeout(60_000);
afterAll(() => rm(dir, { recursive: true }));

/** Exactly one line, which names the code and matches; `undefined` stands for a usage error, which has none. */
function expectOneLine(
  { status, stdout, stderr }: Outcome,
  code: string | undefined,
  problem: RegExp,
): void {
  expect(stderr).toMatch(problem);
  expect(stderr).toMatch(/^.+\n$/);
  expect(stderr.startsWith(code === undefined ? 'error: ' : `error [${code}]: `)).toBe(true);
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
}

const out = at('out');
const run = (...args: string[]) => runWinnow('run', '--density', '0.5', ...args, '--out', out);
afterEach(() => rm(out, { recursive: true, force: true }));

describe('winnow run', () => {
  it.each<[args: string, code: string | undefined, problem: RegExp]>([
    ['--dataset digits --model resnt20', 'UNKNOWN_NAME', /mean "resnet20"\? Known: .*vgg16/],
    ['--dataset digits --method magnitud', 'UNKNOWN_NAME', /mean "magnitude"\? Known: .*cts/],
    ['--dataset digts', 'UNKNOWN_NAME', /mean "digits"\? Known: .*cifar10/],
    ['--dataset digits --objective kll', 'UNKNOWN_NAME', /mean "kl"\? Known: .*gradient-match/],
    [
      '--dataset digits --objective mine',
      'UNKNOWN_NAME',
      /If a plugin brings it, name that by --plugin\.\n$/,
    ],
    ['--dataset digits --backend wsam', 'UNKNOWN_NAME', /mean "wasm"\? Known: .*cpu/],
    ['--dataset digits --density 0', 'BAD_DENSITY', /Density 0 /],
    ['--dataset digits --density -1', 'BAD_DENSITY', /Density -1 /],
    ['--dataset digits --density 1.5', 'BAD_DENSITY', /Density 1\.5 /],
    ['--dataset digits --density abc', undefined, /'--density .*'abc'/],
    ['--dataset digits --model resnet8 --density 1e-9', 'EMPTY_TICKET', / 97552 .*0\.0000103/],
    [
      '--dataset digits --method random --objective kl',
      'OPTION_NOT_USED',
      /"random" follows no .*\("kl"\)/,
    ],
    ['--dataset digits --epcohs 3', undefined, /--epcohs.*Did you mean --epochs\?/],
    [`--dataset cifar10 --data-dir ${at('absent')}`, 'DATA_NOT_FOUND', /absent.*kriz\/cifar/],
    ['--dataset digits --plugin ./absent.mjs', 'PLUGIN_LOAD', /no plugin at .*\/absent\.mjs\. /],
  ])('refuses %s', async (args, code, problem) => {
    expectOneLine(await run(...words(args)), code, problem);
    expect(existsSync(out)).toBe(false);
  });

  it.each([
    ['learning-rate', '.inf'],
    ['epochs', '-.inf'],
    ['density', '.nan'],
  ])('refuses %s: %s of a configuration file as what it is', async (option, value) => {
    await writeFile(at('numbers.yaml'), `run:\n  ${option}: ${value}\n`);
    const outcome = await runWinnow('run', '--dataset', 'digits', '--config', at('numbers.yaml'));
    const problem = new RegExp(`line 2: "${option}" cannot be ${value.replace('.', '\\.')}\\. `);
    expectOneLine(outcome, 'BAD_CONFIG', problem);
  });

  it('refuses a plugin of another API version', async () => {
    await writeFile(
      at('newer.mjs'),
      `export default { name: 'newer', apiVersion: 2, components: [],
        [Symbol.for('@winnow/plugin-api/plugin')]: true };`,
    );
    const outcome = await run('--dataset', 'digits', '--plugin', at('newer.mjs'));
    expectOneLine(outcome, 'PLUGIN_API_VERSION', /"newer" was made for plugin API 2/);
    expect(existsSync(out)).toBe(false);
  });

  it('refuses an output folder that it cannot make', async () => {
    await writeFile(at('file'), 'kept');
    const args = words('--dataset digits --model resnet8 --method random --density 0.01');
    const outcome = await runWinnow('run', ...args, '--out', at('file', 'sub'));
    expectOneLine(outcome, 'FILE_NOT_WRITABLE', /file\/sub/);
    expect(await readFile(at('file'), 'utf8')).toBe('kept');
  });

  it('stops at a loss that is no number, and says at which step', async () => {
    const { status, stdout, stderr } = await run(
      ...words('--dataset digits --model resnet8 --method random --density 0.01 --start init'),
      ...words('--epochs 2 --learning-rate 1e30'),
    );
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    // Lines of progress come before it.
    const errors = stderr.split('\n').filter((line) => /error| at /i.test(line));
    expect(errors).toEqual([expect.stringMatching(/^error \[LOSS_NOT_FINITE\]: .* step 1 /)]);
    // The ticket was found before and is whole; no state was worth a checkpoint.
    expect((await readdir(out)).toSorted()).toEqual([
      'config.json',
      'environments.json',
      'multiply-adds.json',
      'peak-memory.json',
      'scores.safetensors',
      'start.safetensors',
      'ticket.safetensors',
      'timings.json',
    ]);
  });
});

const RECORD = 3073;
const CIFAR_FILES = ['test_batch', ...[1, 2, 3, 4, 5].map((n) => `data_batch_${n}`)];

describe('winnow run on damaged CIFAR-10', () => {
  it.each<[what: string, edit: (batch: string) => Promise<void>, problem: RegExp]>([
    [
      'truncated',
      (batch) => truncate(batch, 10_000 * RECORD - 1),
      /data_batch_3\.bin has 30729999 bytes where CIFAR-10 has 30730000/,
    ],
    [
      'oversized',
      (batch) => truncate(batch, 10_001 * RECORD),
      /data_batch_3\.bin has 30733073 bytes where CIFAR-10 has 30730000/,
    ],
    [
      'with a label out of range',
      async (batch) => {
        const file = await open(batch, 'r+');
        await file.write(Uint8Array.of(10), 0, 1, 7 * RECORD);
        await file.close();
      },
      /Record 7 of .*data_batch_3\.bin has label 10 where CIFAR-10 has 0 to 9/,
    ],
  ])('refuses a file %s', async (_, edit, problem) => {
    const data = await mkdtemp(at('cifar-'));
    for (const name of CIFAR_FILES) {
      await writeFile(join(data, `${name}.bin`), '');
      await truncate(join(data, `${name}.bin`), 10_000 * RECORD);
    }
    await edit(join(data, 'data_batch_3.bin'));
    expectOneLine(await run('--dataset', `cifar10:${data}`), 'BAD_DATA', problem);
    expect(existsSync(out)).toBe(false);
  });
});

describe('winnow with a finished run', () => {
  const finished = at('finished');
  const base = words('run --dataset digits --model resnet8 --method random --epochs 1');
  const contents = async () => {
    const names = (await readdir(finished)).toSorted();
    return Promise.all(
      names.map(async (name) => [name, sha256(await readFile(join(finished, name)))]),
    );
  };

  beforeAll(async () => {
    const args = ['--density', '0.01', '--start', 'init', '--out', finished];
    expect(await runWinnow(...base, ...args)).toMatchObject({ status: 0 });
  });

  it.each<[args: string, problem: RegExp]>([
    ['--density 0.02 --start init', /--density 0\.01, and now it is 0\.02/],
    ['--density 0.01 --start init --scope layer', /--scope "global", and now it is "layer"/],
    ['--density 0.01 --start init --backend cpu', /--backend "\w+", and now it is "cpu"/],
  ])('keeps its folder from a run with %s', async (args, problem) => {
    const before = await contents();
    const outcome = await runWinnow(...base, ...words(args), '--out', finished);
    expectOneLine(outcome, 'RUN_FOLDER_TAKEN', problem);
    expect(await contents()).toEqual(before);
  });

  it('refuses its ticket for another network', async () => {
    const outcome = await objective({ mask: join(finished, 'ticket.safetensors') });
    expectOneLine(
      outcome,
      'TICKET_MISMATCH',
      /does not fit resnet8: "stem\.conv\.weight" is \[16, 1/,
    );
    expect(existsSync(gradient)).toBe(false);
  });

  it('refuses a folder whose configuration is damaged', async () => {
    await mkdir(out);
    await writeFile(join(out, 'config.json'), '{\n  "format": one\n}\n');
    expectOneLine(await runWinnow(...base, '--out', out), 'BAD_RUN', /config\.json/);
    expect(await readdir(out)).toEqual(['config.json']);
  });
});

const gradient = at('gradient.safetensors');
const objective = ({ weights = Golden.path('weights'), mask = Golden.path('mask') }) =>
  runWinnow(
    'objective',
    ...words('--model resnet8 --objectives loss --json --gradient-out'),
    ...[gradient, '--weights', weights, '--mask', mask],
    ...['--dataset', `tensor-file:${Golden.path('batch')}`],
  );

describe('winnow objective', () => {
  const damaged = at('weights.safetensors');

  it.each<[what: string, length: bigint]>([
    ['beyond the end', 1n << 40n],
    ['short', 16n],
  ])('refuses weights whose header length is %s', async (_, length) => {
    const bytes = await readFile(Golden.path('weights'));
    bytes.writeBigUInt64LE(length);
    await writeFile(damaged, bytes);
    const outcome = await objective({ weights: damaged });
    expectOneLine(outcome, 'BAD_SAFETENSORS', /weights\.safetensors .*header/);
    expect(existsSync(gradient)).toBe(false);
  });

  const NAME = 'stem.conv.weight';
  it.each<[what: string, edit: (tensors: Map<string, HostTensor>) => unknown, problem: RegExp]>([
    [
      'lack a parameter',
      (tensors) => tensors.delete(NAME),
      /lacks the tensor "stem\.conv\.weight"/,
    ],
    [
      'hold one of another shape',
      (tensors) => tensors.set(NAME, { ...tensors.get(NAME)!, shape: [3, 3, 3, 16] }),
      /"stem\.conv\.weight" .*\[3, 3, 3, 16\].*\[16, 3, 3, 3\]/,
    ],
  ])('refuses weights that %s', async (_, edit, problem) => {
    const tensors = new Map((await readSafetensors(Golden.path('weights'))).tensors);
    edit(tensors);
    await writeSafetensors(damaged, tensors);
    expectOneLine(await objective({ weights: damaged }), 'WEIGHTS_MISMATCH', problem);
    expect(existsSync(gradient)).toBe(false);
  });

  it.each<[what: string, mask: string, code: string, problem: RegExp]>([
    ['weights as a mask', Golden.path('weights'), 'BAD_MASK', /outside \[0, 1\]/],
    ['an absent mask', at('absent'), 'FILE_NOT_READABLE', /absent/],
  ])('refuses %s', async (_, mask, code, problem) => {
    expectOneLine(await objective({ mask }), code, problem);
    expect(existsSync(gradient)).toBe(false);
  });

  it('refuses an unknown objective', async () => {
    const args = words('objective --dataset tensor-file:absent --weights absent --objectives kll');
    expectOneLine(await runWinnow(...args), 'UNKNOWN_NAME', /mean "kl"\? Known: .*forward-kl/);
  });
});
