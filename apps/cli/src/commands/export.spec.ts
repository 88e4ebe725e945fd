import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { RunFolder } from '@winnow/experiments';
import { readSafetensors } from '@winnow/files/disk';
import { readTicket } from '@winnow/tickets/files';
import { pluginFolder } from '../testing/plugin-folder.ts';
import { runWinnow } from '../testing/run-winnow.ts';

jest.setTimeout(60_000);
let folder: string;
let run: string;

async function finishedRun(name: string, ...args: string[]): Promise<string> {
  const out = join(folder, name);
  const common = ['--dataset', 'digits', '--epochs', '2', '--start', 'init', '--out', out];
  const { status, stderr } = await runWinnow('run', ...common, ...args);
  expect({ status, stderr }).toMatchObject({ status: 0 });
  return out;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'winnow-export-'));
  run = await finishedRun(
    'lean',
    '--model',
    'resnet8',
    '--method',
    'magnitude',
    '--density',
    '0.1',
  );
});
afterAll(() => rm(folder, { recursive: true }));

interface Exported {
  out: string;
  opset?: number;
  froze?: { images: number };
  sizes: Record<'dense' | 'sparse' | 'written', { bytes: number; gzipped: number }>;
}

async function exported(...args: string[]): Promise<Exported> {
  const { status, stdout, stderr } = await runWinnow('export', ...args, '--json');
  expect({ status, stderr }).toMatchObject({ status: 0 });
  return JSON.parse(stdout) as Exported;
}

// A ResNet-8 for grey images of ten classes: 97,552 prunable weights; 10 biases of the head, and 9 normalisations with
// 16 · 3 + 32 · 3 + 64 · 3 channels in all, each with a scale and a shift.
const PRUNABLE = 97_552;
const CHANNELS = 16 * 3 + 32 * 3 + 64 * 3;
const UNPRUNED = 10 + 2 * CHANNELS;
const KEPT = Math.floor(PRUNABLE / 10);
// Output channels of the nine convolutions and the head, and one more row start for each of the ten.
const ROW_STARTS = CHANNELS + 10 + 10;

describe('winnow export', () => {
  it('freezes a run that was not, writes its weights, and tells the sizes', async () => {
    const { out, froze, sizes } = await exported(run, '--format', 'safetensors');
    expect(out).toBe(join(run, 'export/model.safetensors'));
    expect(froze).toMatchObject({ images: 1294 });
    expect(sizes.dense.bytes).toBe(4 * (PRUNABLE + UNPRUNED));
    expect(sizes.sparse.bytes).toBe(4 * (2 * KEPT + ROW_STARTS + UNPRUNED));
    const bytes = await readFile(out);
    expect(sizes.written.bytes).toBe(bytes.length);
    expect(Math.abs(sizes.written.gzipped - gzipSync(bytes).length)).toBeLessThan(64);
    expect(sizes.sparse.gzipped).toBeLessThan(sizes.dense.gzipped);

    const { tensors, metadata } = await readSafetensors(out);
    const [weights, frozen] = await Promise.all(
      ['weights', 'frozen'].map((name) => readSafetensors(join(run, `${name}.safetensors`))),
    );
    expect([...tensors.keys()].toSorted()).toEqual([...frozen!.tensors.keys()].toSorted());
    const { layers } = await readTicket(join(run, 'ticket.safetensors'));
    for (const [name, { shape, data }] of weights!.tensors) {
      const kept = layers.get(name)?.kept;
      const expected = Array.from(data as Float32Array, (x, i) => (!kept || kept[i] ? x : 0));
      expect(tensors.get(name)!.shape).toEqual(shape);
      expect([...(tensors.get(name)!.data as Float32Array)]).toEqual(expected);
    }
    expect(metadata).toMatchObject({
      format: 'pt',
      model: 'resnet8',
      method: 'magnitude',
      density: '0.1',
      input: '8x8x1',
      classes: '10',
      dataset: 'digits',
      kept: String(KEPT),
      prunable: String(PRUNABLE),
    });
  });

  it('writes every other format, where it is told or in the run folder', async () => {
    const onnx = await exported(run, '--format', 'onnx', '--out', join(folder, 'a/b.onnx'));
    expect(onnx).toMatchObject({ opset: 18, out: join(folder, 'a/b.onnx') });
    expect((await stat(onnx.out)).size).toBe(onnx.sizes.written.bytes);
    const tfjs = await exported(run, '--format', 'tfjs');
    expect(await readdir(join(run, 'export/tfjs'))).toEqual(['group1-shard1of1.bin', 'model.json']);
    expect(tfjs.sizes.written.bytes).toBeGreaterThan(tfjs.sizes.dense.bytes);
    for (const format of ['coo', 'csr']) {
      const { tensors } = await readSafetensors((await exported(run, '--format', format)).out);
      const values = [...tensors].filter(([name]) => name.endsWith('.values'));
      expect(values.reduce((sum, [, { data }]) => sum + data.length, 0)).toBe(KEPT);
    }
    const { stdout } = await runWinnow('export', run, '--format', 'csr');
    expect(stdout.split('\n')[0]).toBe(join(run, 'export/csr.safetensors'));
    expect(stdout).toContain(' 392,936 ');
  });

  it('writes the mask of a ticket that nothing was trained under, for PyTorch', async () => {
    const found = await finishedRun(
      'found',
      ...['--model', 'lenet', '--method', 'magnitude', '--density', '0.1', '--until', 'ticket'],
    );
    const { out, froze, sizes } = await exported(found, '--format', 'mask');
    expect([out, froze]).toEqual([join(found, 'export/mask.safetensors'), undefined]);
    const { tensors, dtypes } = await readSafetensors(out);
    const { layers } = await readTicket(join(found, 'ticket.safetensors'));
    expect([...tensors.keys()]).toEqual(['fc1.weight', 'fc2.weight', 'fc3.weight']);
    for (const [name, { shape, kept }] of layers)
      expect([dtypes.get(name), tensors.get(name)]).toEqual(['BOOL', { shape, data: kept }]);
    // LeNet's 64·300 + 300·100 + 100·10 weights and 410 biases.
    expect(sizes.dense.bytes).toBe(4 * (50_200 + 410));

    const kept = await runWinnow('resume', found);
    expect(kept.status).toBe(0);
    for (const name of ['start', 'weights']) await rm(join(found, `${name}.safetensors`));
    const alone = await exported(found, '--format', 'mask', '--out', join(folder, 'mask'));
    expect(Object.keys(alone.sizes)).toEqual(['written']);
    expect(await readFile(join(folder, 'mask'))).toEqual(await readFile(out));

    await rm(join(found, 'ticket.safetensors'));
    const gone = await runWinnow('export', found, '--format', 'mask');
    expect(gone.stderr).toMatch(
      /^error \[FILE_NOT_READABLE\]: There is no .*ticket\.safetensors\. .* --until ticket` makes it again\.\n$/,
    );
    await rm(join(found, 'result.json'));
    const lost = await runWinnow('export', found, '--format', 'mask');
    expect(lost.stderr).toMatch(/^error \[RUN_NOT_FINISHED\]: .* has no ticket yet\. .+\n$/);
  });

  it('writes a dense run, whose sparse form is larger', async () => {
    const dense = await finishedRun('dense', '--model', 'lenet', '--method', 'dense');
    const { sizes } = await exported(dense, '--format', 'onnx');
    expect(sizes.sparse.bytes).toBeGreaterThan(sizes.dense.bytes);
  });

  it('writes the formats of plugins, and lists them in its help', async () => {
    const plugins = await pluginFolder({
      'raw.mjs': `
        import { defineExporter, definePlugin } from '@winnow/plugin-api';
        const bytes = ({ data }) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
        const raw = defineExporter({
          name: 'one-by-one', summary: 'a file a tensor', place: 'export/raw', needsGraph: false,
          encode: ({ tensors }) => new Map([...tensors].map(([name, tensor]) => [name, bytes(tensor)])),
          owns: (name) => /[.](weight|bias|running_(mean|var))$/.test(name),
        });
        const stray = defineExporter({
          ...raw, name: 'stray', place: 'export/stray', encode: () => new Map([['../x', new Uint8Array()]]),
        });
        export default definePlugin({ name: 'raw', components: [raw, stray] });`,
    });
    const plugin = ['--plugin', join(plugins, 'raw.mjs')];
    const { stdout: help } = await runWinnow('export', '--help', ...plugin);
    expect(help).toMatch(
      /\n {2}onnx +the network for ONNX.*\n[^]*\n {2}one-by-one +a file a tensor\n/,
    );

    const { out, sizes } = await exported(run, '--format', 'one-by-one', ...plugin);
    expect(out).toBe(join(run, 'export/raw'));
    expect(sizes.written.bytes).toBe(sizes.dense.bytes + 4 * 2 * CHANNELS);
    await exported(run, '--format', 'one-by-one', ...plugin);
    const names = await readdir(out);
    expect(names).toHaveLength(
      (await readSafetensors(join(run, 'frozen.safetensors'))).tensors.size,
    );

    const stray = await runWinnow('export', run, '--format', 'stray', ...plugin);
    expect(stray.stderr).toMatch(
      /^error \[PLUGIN_FAILED\]: Exporter "stray" of plugin "raw" encoded a file named "[.][.]\/x"/,
    );
    const unknown = await runWinnow('export', run, '--format', 'one-by-one');
    expect(unknown.stderr).toBe(
      'error [UNKNOWN_NAME]: No exporter is named "one-by-one". Known: safetensors, onnx, tfjs, coo, csr, mask. If a plugin brings it, name that by --plugin.\n',
    );
    expect([stray.status, unknown.status]).toEqual([1, 1]);
    await rm(plugins, { recursive: true });
  });

  it('refuses what is not finished, weights that the ticket prunes, and a folder with other files', async () => {
    const other = join(folder, 'other');
    await mkdir(other);
    await writeFile(join(other, 'thesis.tex'), '');
    const foreign = await runWinnow('export', run, '--format', 'tfjs', '--out', other);
    expect(foreign.stderr).toMatch(/^error \[FILE_NOT_WRITABLE\]: .*thesis\.tex.+\n$/);
    expect(await readdir(other)).toEqual(['thesis.tex']);

    const copy = await finishedRun(
      'copy',
      '--model',
      'lenet',
      '--method',
      'magnitude',
      '--density',
      '0.1',
    );
    await runWinnow('freeze', copy);
    const { tensors } = await readSafetensors(join(copy, 'start.safetensors'));
    await new RunFolder(copy).writeTensors('frozen', tensors);
    const pruned = await runWinnow('export', copy, '--format', 'coo');
    expect(pruned.stderr).toMatch(/^error \[TICKET_MISMATCH\]: "fc1.weight" .+\n$/);

    await rm(join(copy, 'frozen.safetensors'));
    await rm(join(copy, 'result.json'));
    const unfinished = await runWinnow('export', copy, '--format', 'onnx');
    expect(unfinished.stderr).toMatch(/^error \[RUN_NOT_FINISHED\]: .+\n$/);
    expect(existsSync(join(copy, 'export'))).toBe(false);
    expect([foreign.status, pruned.status, unfinished.status]).toEqual([1, 1, 1]);
  });
});
