import { beforeAll, describe, expect, it } from '@jest/globals';
import { decodeSafetensors, encodeSafetensors, sealSafetensors } from '@winnow/files';
import { cpu } from '@winnow/tensor-backend';
import type { RunRequest } from './plan-run.ts';
import { RunFolder } from './run-folder.ts';
import { runSearch, runStart } from './run.ts';
import { memoryRunStore } from './store/memory-run-store.ts';
import { sealedJson } from './store/sealed-files.ts';
import { TOYS, attemptToy, planToy } from './testing/toy-run.ts';

beforeAll(() => cpu.start());

/** Four steps each of training up to the start point, search and training. */
const CTS: Partial<RunRequest> = { start: 'rewind', options: { searchEpochs: 1 } };
type Files = Map<string, Uint8Array>;
const folderOf = (files: Files) => new RunFolder(memoryRunStore(files, 'run'));

/** The files of a run after so many of its steps. */
async function filesAfter(steps: number, request: Partial<RunRequest> = CTS): Promise<Files> {
  const files: Files = new Map();
  await attemptToy(await planToy(request), folderOf(files), { stopAfter: steps });
  return files;
}

const goOn = async (files: Files) => (await attemptToy(await planToy(CTS), folderOf(files))).result;
const flipped = (bytes: Uint8Array, at = bytes.length - 1) =>
  bytes.map((byte, i) => (i === at ? byte ^ 1 : byte));
const json = (bytes: Uint8Array) =>
  JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>;
const textOf = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

/** Where a run has stopped, and the file that is looked at then. */
const STATE: [file: string, afterSteps: number, left: RegExp][] = [
  ['checkpoint/pretrain.safetensors', 2, /begins the training up to the start point again/],
  ['checkpoint/search.safetensors', 6, /begins the search again, from the start point/],
  ['checkpoint/train.safetensors', 10, /begins this phase again/],
  ['start.safetensors', 6, /makes the start point again/],
  ['ticket.safetensors', 10, /finds it again/],
  ['weights.safetensors', 13, /trains the ticket again/],
];
const [at, foreign] = [(file: string) => `run/${file}`, { ...CTS, seed: 2 }];

describe.each(STATE)('%s', (file, steps, left) => {
  const code = file.startsWith('checkpoint') ? 'CHECKPOINT_MISMATCH' : 'FOREIGN_FILE';
  const refused = (code: string, sentence: RegExp) => ({
    code,
    sentence: expect.stringMatching(sentence),
    message: expect.stringMatching(left),
  });

  it('of a run with another seed is refused, and what is left is told', async () => {
    const [own, other] = [await filesAfter(steps), await filesAfter(steps, foreign)];
    own.set(at(file), other.get(at(file))!);
    const problem = new RegExp(`^run/${file} is of another run`);
    await expect(goOn(own)).rejects.toMatchObject(refused(code, problem));
    // As the hint has it.
    own.delete(at(file));
    expect(await goOn(own)).toMatchObject({ seed: 1 });
  });

  it('with a flipped bit is refused, in its data as in its header', async () => {
    const own = await filesAfter(steps);
    const bytes = own.get(at(file))!;
    for (const place of [bytes.length - 1, bytes.length >> 1, 9, 0]) {
      own.set(at(file), flipped(bytes, place));
      await expect(goOn(own)).rejects.toMatchObject({
        sentence: expect.stringContaining(at(file)),
        message: expect.stringMatching(left),
      });
    }
    own.set(at(file), flipped(bytes));
    const problem = /is not what was written: it is damaged/;
    await expect(goOn(own)).rejects.toMatchObject(refused('BAD_CHECKSUM', problem));
  });

  it('of nobody, or of another format, is refused', async () => {
    const own = await filesAfter(steps);
    const { tensors } = decodeSafetensors(own.get(at(file))!, file);
    const bare = encodeSafetensors(tensors);
    own.set(at(file), bare);
    await expect(goOn(own)).rejects.toMatchObject(refused(code, /does not say of which run/));
    own.set(at(file), sealSafetensors(bare, { 'winnow.format': '3' }));
    await expect(goOn(own)).rejects.toMatchObject({
      code: 'RUN_VERSION',
      sentence: `run/${file} is of format 3, and this Winnow reads format 2.`,
    });
  });
});

/** What a finished run is read by, and what is to be removed with it. */
const MADE: [file: string, read: (folder: RunFolder) => Promise<unknown>, also: string[]][] = [
  ['start.safetensors', (folder) => folder.readTensors('start'), []],
  ['ticket.safetensors', (folder) => folder.readTicket(), []],
  ['scores.safetensors', (folder) => folder.readScores(), ['ticket.safetensors']],
];
const UNTIL = { start: runStart, ticket: runSearch };

it.each(MADE)('%s of a finished run is made again as its hint has it', async (file, read, also) => {
  const files = await filesAfter(Infinity);
  const before = new Map(files);
  files.set(at(file), flipped(files.get(at(file))!));
  const { message } = (await read(folderOf(files)).catch((error: unknown) => error)) as Error;
  for (const one of [file, ...also]) {
    expect(message).toContain(one);
    files.delete(at(one));
  }
  const [, until] = /`winnow resume --until (start|ticket)`/.exec(message)!;
  const { config, dataset } = await planToy(CTS);
  await UNTIL[until as keyof typeof UNTIL](config, folderOf(files), {
    ...{ registry: TOYS, dataset, checkpointSeconds: 1e6 },
    signal: new AbortController().signal,
  });
  for (const one of [file, ...also, 'result.json'])
    expect([one, files.get(at(one))]).toEqual([one, before.get(at(one))]);
});

it('tells of a ticket made again what its search has spent, not the training', async () => {
  const files = await filesAfter(Infinity);
  files.delete(at('ticket.safetensors'));
  const folder = folderOf(files);
  await folder.writeMultiplyAdds('pretrain', 3);
  await folder.writeMultiplyAdds('train', 5);
  const { config, dataset } = await planToy(CTS);
  const { multiplyAddsSpent } = await runSearch(config, folder, {
    ...{ registry: TOYS, dataset, checkpointSeconds: 1e6 },
    signal: new AbortController().signal,
  });
  expect(multiplyAddsSpent).toMatchObject({ pretrain: 3 });
  expect(multiplyAddsSpent).not.toHaveProperty('train');
});

describe('a checkpoint', () => {
  const TRAIN = 'run/checkpoint/train.safetensors';

  it('of another phase is refused', async () => {
    const own = await filesAfter(10);
    own.set(TRAIN, (await filesAfter(2)).get('run/checkpoint/pretrain.safetensors')!);
    await expect(goOn(own)).rejects.toMatchObject({
      code: 'CHECKPOINT_MISMATCH',
      sentence: `${TRAIN} was written as checkpoint/pretrain.safetensors.`,
    });
  });

  it('with another step is refused, also where its checksum was made to fit', async () => {
    for (const step of [999, -1, 5.5, '5']) {
      const own = await filesAfter(10);
      const { tensors, metadata } = decodeSafetensors(own.get(TRAIN)!, TRAIN);
      const values = JSON.parse(metadata['values']!) as Record<string, unknown>;
      const name = Object.keys(values).find((key) => key.endsWith('step'))!;
      const said = { ...metadata, values: JSON.stringify({ ...values, [name]: step }) };
      own.set(TRAIN, encodeSafetensors(tensors, said));
      await expect(goOn(own)).rejects.toMatchObject({ code: 'BAD_CHECKSUM' });
      own.set(TRAIN, sealSafetensors(own.get(TRAIN)!, {}));
      await expect(goOn(own)).rejects.toMatchObject({ code: 'CHECKPOINT_MISMATCH' });
    }
  });
});

/** JSON documents of a run that is finished, or stopped, and who reads them. */
const DOCUMENTS: [file: string, read: (folder: RunFolder) => Promise<unknown>][] = [
  ['result.json', (folder) => folder.readResult()],
  ['timings.json', (folder) => folder.readTimings()],
  ['multiply-adds.json', (folder) => folder.readMultiplyAdds()],
  ['peak-memory.json', (folder) => folder.readPeakMemory()],
  ['speed.json', (folder) => folder.readSpeed()],
  ['environments.json', (folder) => folder.readEnvironments()],
  ['rounds/00.json', (folder) => folder.readRounds()],
];

describe.each(DOCUMENTS)('%s', (file, read) => {
  const LTR: Partial<RunRequest> = { method: 'ltr', epochs: 1, options: { rate: 0.7 } };

  it('is refused where it is damaged, another run’s, or of another format', async () => {
    const [own, other] = [
      await filesAfter(Infinity, LTR),
      await filesAfter(Infinity, { ...LTR, seed: 2 }),
    ];
    const good = own.get(at(file))!;
    const refusedWith = async (bytes: Uint8Array, code: string) => {
      own.set(at(file), bytes);
      await expect(read(folderOf(own))).rejects.toMatchObject({
        code,
        message: expect.stringMatching(new RegExp(`^run/${file}.*\\. Remove it`)),
      });
    };
    for (const text of ['null', '{}', '[]', '5', '{"minutes":null}', '{"__proto__":{"a":1}}', '{'])
      await refusedWith(new TextEncoder().encode(text), 'BAD_RUN');
    await refusedWith(textOf({ ...json(good), more: 1 }), 'BAD_RUN');
    await refusedWith(other.get(at(file))!, 'FOREIGN_FILE');
    own.set(at(file), textOf({ ...json(good), format: 3 }));
    await expect(read(folderOf(own))).rejects.toMatchObject({ code: 'RUN_VERSION' });
  });
});

describe('config.json', () => {
  const CONFIG = 'run/config.json';

  it('that was edited is told, with what differs where that is known', async () => {
    const files = await filesAfter(6);
    files.set(CONFIG, textOf({ ...json(files.get(CONFIG)!), density: 0.75 }));
    await expect(folderOf(files).readConfig()).rejects.toMatchObject({
      code: 'RUN_EDITED',
      sentence: 'run/config.json was changed after the run wrote it.',
    });
    await expect(folderOf(files).claim((await planToy(CTS)).config)).rejects.toMatchObject({
      code: 'RUN_EDITED',
      sentence: expect.stringContaining('it has density = 0.75, and now it is to be 0.5'),
    });
  });

  it('with a checksum that was made to fit leaves no file that is the run’s', async () => {
    const files = await filesAfter(10);
    const { checksum, ...config } = json(files.get(CONFIG)!);
    files.set(CONFIG, new TextEncoder().encode(sealedJson({ ...config, seed: 2 })));
    await expect(attemptToy(await planToy(foreign), folderOf(files))).rejects.toMatchObject({
      code: 'FOREIGN_FILE',
    });
  });

  it.each([
    ['a method', { method: { name: '<img src=x>', given: {}, options: {} } }],
    ['a model', { model: { name: '../../etc/x', given: {}, options: {} } }],
    ['an objective', { objective: { name: '__proto__', given: {}, options: {} } }],
    ['a data set', { dataset: { name: 'd\u202eb', given: {}, options: {}, checksum: '1' } }],
    ['a plugin', { plugins: [{ name: 'x\x1b[31m', specifier: '/x.mjs', sha256: '0' }] }],
  ])('with the name of %s that none can have is refused', async (_, named) => {
    const files = await filesAfter(6);
    const { checksum, ...config } = json(files.get(CONFIG)!);
    files.set(CONFIG, new TextEncoder().encode(sealedJson({ ...config, ...named })));
    await expect(folderOf(files).readConfig()).rejects.toMatchObject({
      code: 'BAD_RUN',
      sentence: 'run/config.json is not the configuration of a run.',
    });
  });

  it('may be laid out otherwise', async () => {
    const files = await filesAfter(6);
    files.set(CONFIG, textOf(json(files.get(CONFIG)!)));
    expect(await goOn(files)).toMatchObject({ density: 0.5 });
  });

  it.each([
    [1, /Go on with the version of Winnow that wrote it/],
    [3, /Install the version of Winnow that wrote it/],
    ['later', /Install the version/],
  ])('of format %s is refused', async (format, hint) => {
    const files: Files = new Map([[CONFIG, textOf({ format, method: 'cts' })]]);
    await expect(folderOf(files).readConfig()).rejects.toMatchObject({
      code: 'RUN_VERSION',
      message: expect.stringMatching(hint),
    });
  });
});
