import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { readSafetensors, writeSafetensors } from '@winnow/files/disk';
import { Golden } from '@winnow/golden';
import { readTicket } from '@winnow/tickets/files';
import { runWinnow } from '../testing/run-winnow.ts';

jest.setTimeout(60_000);
const TICKETS = fileURLToPath(
  new URL('../../../../libs/exchange/fixtures/tickets.h5', import.meta.url),
);
/** Files of PyTorch; see make.py beside them. */
const ofTorch = (name: string) =>
  fileURLToPath(new URL(`../../../../libs/exchange/fixtures/torch-save/${name}`, import.meta.url));
const DIGITS = ['--dataset', 'digits', '--model', 'resnet8'];
let folder: string;
let start: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'winnow-import-'));
  const args = [...DIGITS, '--method', 'magnitude', '--density', '0.1', '--epochs', '2'];
  const run = join(folder, 'run');
  await runWinnow('run', ...args, '--start', 'init', '--until', 'ticket', '--out', run);
  start = join(run, 'start.safetensors');
});
afterAll(() => rm(folder, { recursive: true }));

const importing = (file: string, ...args: string[]) => runWinnow('import', file, ...args);

describe('winnow import of weights', () => {
  it('writes what other commands read', async () => {
    const { tensors } = await readSafetensors(Golden.path('weights'));
    const wrapped = join(folder, 'wrapped.safetensors');
    await writeSafetensors(
      wrapped,
      [...tensors].map(([name, { shape, data }]) => [
        `module.${name}`,
        { shape, data: Float64Array.from(data as Float32Array) },
      ]),
    );
    const out = join(folder, 'weights.safetensors');
    const shape = ['--model', 'resnet8', '--input', '32x32x3', '--classes', '10'];
    const { status, stdout, stderr } = await importing(wrapped, ...shape, '--out', out);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const { size } = await stat(out);
    expect(stdout.split('\n')).toEqual([
      `${out}: 29 parameters`,
      '29 renamed, such as module.stem.conv.weight to stem.conv.weight',
      '29 converted from F64 to float32',
      'bytes                                  plain     gzipped',
      expect.stringMatching(
        new RegExp(`^written, safetensors +${size.toLocaleString('en')} +[\\d,]+$`),
      ),
      '',
    ]);
    expect((await readSafetensors(out)).tensors).toEqual(tensors);

    const unopened = await importing(wrapped, '--dataset', 'cifar10', '--out', out);
    expect(unopened.stderr).toBe(
      'error [INVALID_OPTION]: The data set "cifar10" cannot be opened by its name alone. Give --input 32x32x3 and --classes 10, say, in its place.\n',
    );
    const nowhere = join(folder, 'nowhere.safetensors');
    const lacking = await importing(wrapped, '--dataset', `tensor-file:${nowhere}`, '--out', out);
    expect(lacking.stderr).toContain(`error [FILE_NOT_READABLE]: Cannot read ${nowhere} `);

    for (const [flag, value, problem] of [
      ['--input', '70000x8x1', 'Each is at most 65536.'],
      ['--classes', '99999999999', 'at most 1000000'],
    ] as const) {
      const { stderr } = await importing(wrapped, '--model', 'resnet8', flag, value, '--out', out);
      expect(stderr).toMatch(`error: option '${flag} `);
      expect(stderr.replaceAll(',', '')).toContain(problem);
    }
    const before = await readFile(wrapped);
    const onto = await importing(wrapped, ...shape, '--out', wrapped);
    expect(onto.stderr).toBe(
      `error [INVALID_OPTION]: --out ${wrapped} is a file that is read, and would be lost. Give another place.\n`,
    );
    expect((await readFile(wrapped)).equals(before)).toBe(true);

    const listed = await importing(wrapped, '--list');
    expect(listed.stdout).toMatch(/^module\.stem\.conv\.weight \[16, 3, 3, 3\] F64\n/);
    const other = await importing(wrapped, ...shape, '--shortcut', 'identity', '--out', out);
    expect(other.stderr).toMatch(/^error \[WEIGHTS_MISMATCH\]: .*shortcut.+\n$/);
  });
});

describe('winnow import of files of torch.save', () => {
  it('lists the tensors of a checkpoint', async () => {
    const { stdout } = await importing(ofTorch('checkpoint.pth'), '--list');
    expect(stdout).toBe(
      'fc.weight [3, 2] F32\nfc.bias [3] F32\nbn.weight [3] F32\nbn.bias [3] F32\n' +
        'bn.running_mean [3] F32\nbn.running_var [3] F32\nbn.num_batches_tracked [] I64\n',
    );
  });

  it('says in one line why another file is none, and what to type; so does what takes safetensors alone', async () => {
    const module = await importing(ofTorch('module.pth'), '--list');
    expect(module).toMatchObject({ status: 1, stdout: '' });
    expect(module.stderr).toBe(
      `error [BAD_PYTORCH]: ${ofTorch('module.pth')} holds a Python object of class torch.nn.modules.container.Sequential, which would have to be run. In PyTorch, if you trust it: torch.save(torch.load('${ofTorch('module.pth')}', weights_only=False).state_dict(), 'weights.pth').\n`,
    );
    const text = join(folder, 'text.pth');
    await writeFile(text, 'hello');
    expect((await importing(text, '--list')).stderr).toBe(
      `error [BAD_PYTORCH]: ${text} is neither of torch.save nor safetensors. In PyTorch: torch.save(model.state_dict(), 'weights.pth').\n`,
    );
    const pruned = ofTorch('pruned.pth');
    const { stderr } = await runWinnow('objective', ...DIGITS, '--weights', pruned);
    expect(stderr).toBe(
      `error [BAD_SAFETENSORS]: ${pruned} is a zip archive, as torch.save writes them, and no safetensors file. \`winnow import\` makes safetensors of it.\n`,
    );
  });

  it('makes weights and a ticket of what torch.nn.utils.prune has pruned, on which a run starts', async () => {
    const pruned = ofTorch('pruned.pth');
    const [weights, ticket, run] = ['pruned', 'mask', 'given'].map((name) => join(folder, name));
    const imported = await importing(pruned, ...DIGITS, '--out', weights!);
    const below =
      '1 written whole, as they are below their masks, which are not applied; `winnow import --ticket mask` reads the masks';
    expect(imported.stdout.split('\n').slice(0, 2)).toEqual([`${weights}: 29 parameters`, below]);
    const stem = (await readSafetensors(weights!)).tensors.get('stem.conv.weight')!;
    expect(stem.data).toEqual(Float32Array.from({ length: 144 }, (_, i) => i));

    const choice = ['--ticket', 'mask', '--weights', pruned, '--out', ticket!];
    expect((await importing(pruned, ...DIGITS, ...choice)).status).toBe(0);
    const { layers, kept, size } = await readTicket(ticket!);
    expect([size - kept, size]).toEqual([48, 97_552]); // a third of the stem's 144
    expect([...layers.get('stem.conv.weight')!.kept.subarray(0, 5)]).toEqual([1, 0, 1, 1, 0]);

    const given = ['--method', 'given', '--ticket', ticket!, '--start-weights', pruned];
    const begun = await runWinnow(
      ...['run', ...DIGITS, ...given, '--start', 'init', '--until', 'ticket', '--out', run!],
    );
    expect({ status: begun.status, told: begun.stderr.includes(below) }).toEqual({
      status: 0,
      told: true,
    });
    const start = await readSafetensors(join(run!, 'start.safetensors'));
    expect(start.tensors).toEqual((await readSafetensors(weights!)).tensors);

    const alone = join(folder, 'alone');
    expect((await runWinnow('export', run!, '--format', 'mask', '--out', alone)).status).toBe(0);
    const unchosen = await importing(alone, ...DIGITS, '--out', join(folder, 'again'));
    expect(unchosen.stderr).toMatch(/^error \[INVALID_OPTION\]: Nothing says which ticket of /);
    const again = ['--ticket', 'mask', '--out', join(folder, 'again')];
    expect((await importing(alone, ...DIGITS, ...again)).stderr).toBe('');
    expect((await readTicket(join(folder, 'again'))).layers).toEqual(layers);

    const none = await importing(ofTorch('checkpoint.pth'), ...DIGITS, ...choice);
    expect(none.stderr).toMatch(
      /^error \[OPTION_NOT_USED\]: .* holds weights and no mask, for which --ticket/,
    );
  });
});

describe('winnow import of tickets', () => {
  it('lists what the file holds', async () => {
    const { stdout } = await importing(TICKETS, '--list');
    expect(stdout).toBe(
      '0.01: 976 of 97,552 weights, density 0.01000\n0.143: 13,936 of 97,552 weights, density 0.1429\n',
    );
    const json = await importing(TICKETS, '--list', '--json');
    expect(JSON.parse(json.stdout)).toContainEqual({
      name: '0.143',
      size: 97_552,
      kept: 13_936,
      density: 1 / 7,
    });
  });

  it('writes a ticket that can be inspected, evaluated and trained on its weights', async () => {
    const ticket = join(folder, 'ticket.safetensors');
    const { status, stdout, stderr } = await importing(
      TICKETS,
      ...[...DIGITS, '--density', '0.143', '--weights', start],
      ...['--method', 'cts', '--objective', 'kl', '--out', ticket],
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const weights = [...(await readSafetensors(start)).tensors.values()];
    const bytes = weights.reduce((sum, { data }) => sum + data.byteLength, 0);
    expect(stdout).toMatch(new RegExp(`\ndense, float32 +${bytes.toLocaleString('en')} `));
    const { layers, provenance } = await readTicket(ticket);
    const ours = await readTicket(join(folder, 'run/ticket.safetensors'));
    expect(provenance).toMatchObject({ method: 'cts', objective: 'kl', density: 1 / 7 });
    expect(provenance.weightsHash).toBe(ours.provenance.weightsHash);
    const bits = [...layers.values()].flatMap(({ kept }) => [...kept]);
    expect(bits.every((bit, i) => bit === Number(i % 7 === 0))).toBe(true);

    const inspected = await runWinnow('inspect', ticket, '--input', '8x8x1', '--json');
    expect(JSON.parse(inspected.stdout)).toMatchObject({ kept: 13_936, size: 97_552 });

    const trained = join(folder, 'trained');
    const training = ['--epochs', '2', '--start', 'init', '--seed', '9', '--out', trained];
    const given = ['--method', 'given', '--ticket', ticket];
    const first = await runWinnow(
      'run',
      ...DIGITS,
      ...given,
      ...training,
      '--start-weights',
      start,
    );
    expect({ status: first.status }).toEqual({ status: 0 });
    const [begun, trainedWeights] = await Promise.all(
      ['start', 'weights'].map((name) => readSafetensors(join(trained, `${name}.safetensors`))),
    );
    expect(begun!.tensors).toEqual((await readSafetensors(start)).tensors);
    for (const [name, { kept }] of layers) {
      const data = trainedWeights!.tensors.get(name)!.data as Float32Array;
      expect(data.every((x, i) => kept[i] === 1 || x === 0)).toBe(true);
      expect(data.some((x) => x !== 0)).toBe(true);
    }
    const config = await readFile(join(trained, 'config.json'), 'utf8');
    expect(JSON.parse(config)).toMatchObject({
      density: 13_936 / 97_552,
      startWeights: { path: start, hash: provenance.weightsHash },
    });
    const elsewhere = await runWinnow('run', ...DIGITS, ...given, ...training);
    expect(elsewhere.stderr).toMatch(/^error \[RUN_FOLDER_TAKEN\]: .*--start-weights.+\n$/);
  });

  it('refuses a choice that is missing or wrong, and options that say nothing', async () => {
    const out = ['--out', join(folder, 'x.safetensors')];
    const outcomes = await Promise.all([
      importing(TICKETS, ...DIGITS, ...out),
      importing(TICKETS, ...DIGITS, ...out, '--density', '0.5'),
      importing(TICKETS, ...DIGITS, '--density', '0.01'),
      importing(TICKETS, '--density', '0.01', ...out),
      importing(TICKETS, '--model', 'lenet', '--dataset', 'digits', '--density', '0.01', ...out),
      importing(start, ...DIGITS, '--density', '0.01', ...out),
      importing(TICKETS, ...DIGITS, '--density', '0.01', '--ticket', '0.143', ...out),
      importing(start, '--model', 'lenet', '--dataset', 'digits', '--shortcut', 'identity', ...out),
      importing(start, '--model', 'lenet', '--input', '8x8x1x7', '--classes', '10', ...out),
    ]);
    expect(outcomes.map(({ stderr }) => /\[(\w+)\]/.exec(stderr)?.[1])).toEqual([
      ...['INVALID_OPTION', 'UNKNOWN_NAME', 'INVALID_OPTION', 'INVALID_OPTION'],
      ...['TICKET_MISMATCH', 'OPTION_NOT_USED', undefined, 'OPTION_NOT_USED', undefined],
    ]);
    expect(outcomes[6].stderr).toMatch(/'--density <κ>' cannot be used with .*'--ticket <name>'/);
    expect(outcomes.at(-1)!.stderr).toMatch(/argument '8x8x1x7' is invalid/);
    expect(outcomes.every(({ status }) => status === 1)).toBe(true);
  });
});
