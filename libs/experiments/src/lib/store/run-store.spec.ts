import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { RunFolder } from '../run-folder.ts';
import { diskRunStore } from './disk-run-store.ts';
import { memoryRunStore } from './memory-run-store.ts';
import type { RunStore } from './run-store.ts';

let dir: string;
let count = 0;
const shared = new Map<string, Uint8Array>();
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'winnow-store-'));
});
afterAll(() => rm(dir, { recursive: true }));

const bytes = async (store: RunStore, name: string) => {
  const found = await store.read(name);
  return found && [...found];
};

describe.each<[string, () => RunStore]>([
  ['on a disk', () => diskRunStore(join(dir, `run-${count++}`))],
  ['in memory', () => memoryRunStore()],
])('a store %s', (_, open) => {
  it('keeps bytes and text by name, and what is written again in place of it', async () => {
    const store = open();
    expect([await store.has('a/b'), await store.read('a/b')]).toEqual([false, undefined]);
    await store.write('a/b', 'é');
    await store.write('c', Uint8Array.of(1, 2, 3, 4).subarray(1, 3));
    expect([await store.has('a/b'), await store.has('a')]).toEqual([true, false]);
    expect(await bytes(store, 'a/b')).toEqual([0xc3, 0xa9]);
    expect(await bytes(store, 'c')).toEqual([2, 3]);
    await store.write('a/b', '');
    expect(await bytes(store, 'a/b')).toEqual([]);
  });

  it('holds copies', async () => {
    const store = open();
    const written = Uint8Array.of(1);
    await store.write('a', written);
    written[0] = 2;
    (await store.read('a'))![0] = 3;
    expect(await bytes(store, 'a')).toEqual([1]);
  });

  it('has what another one has, by the same bytes, and keeps it as it was written', async () => {
    const [one, other] = [open(), open()];
    await one.write('folder/a', 'first');
    await other.write('folder/a', 'mine');
    await other.link('folder/a', one);
    await one.write('folder/a', 'second');
    expect(new TextDecoder().decode(await other.read('folder/a'))).toBe('first');
  });

  it('appends to what is there, or to nothing', async () => {
    const store = open();
    await store.append('log/a', 'one\n');
    await store.append('log/a', 'zwö\n');
    expect(new TextDecoder().decode(await store.read('log/a'))).toBe('one\nzwö\n');
  });

  it('lists what lies in a folder itself', async () => {
    const store = open();
    for (const name of ['b', 'a', 'folder/d', 'folder/c', 'folder/below/e', 'folders/f'])
      await store.write(name, '');
    expect(await store.list('')).toEqual(['a', 'b']);
    expect(await store.list('folder')).toEqual(['c', 'd']);
    expect(await store.list('none')).toEqual([]);
  });

  it('removes a name and what lies below it, and minds no absent one', async () => {
    const store = open();
    for (const name of ['a', 'folder/b', 'folder/below/c', 'folders/d'])
      await store.write(name, '');
    await store.remove('folder');
    await store.remove('a');
    await store.remove('none');
    const left = ['a', 'folder/b', 'folder/below/c', 'folders/d'].map((name) => store.has(name));
    expect(await Promise.all(left)).toEqual([false, false, false, true]);
  });

  it('is a store of each of its folders, and of those around it', async () => {
    const store = open();
    const below = store.at('checks/shuffle');
    await below.write('ticket', 'below');
    expect(await store.has('checks/shuffle/ticket')).toBe(true);
    expect(below.place('ticket')).toBe(store.place('checks/shuffle/ticket'));
    await store.write('ticket', 'own');
    expect(await bytes(below.at('../..'), 'ticket')).toEqual(await bytes(store, 'ticket'));
    expect(below.at('../..').place()).toBe(store.place());
  });
});

describe.each<[string, (name: string) => RunStore]>([
  ['on a disk', (name) => diskRunStore(join(dir, name))],
  ['in memory', (name) => memoryRunStore(shared, name)],
])('the lock of a store %s', (_, open) => {
  it('is one process’s at a time, and of each folder another', async () => {
    const [store, same] = [open('locked'), open('locked')];
    const lock = await store.lock();
    await expect(same.lock()).rejects.toMatchObject({
      code: 'RUN_IN_USE',
      message: expect.stringContaining(store.place()),
    });
    await (await store.at('checks/shuffle').lock()).release();
    await lock.assertHeld();
    expect(await same.worker()).toMatchObject({ pid: process.pid });
    await lock.release();
    expect(await same.worker()).toBeUndefined();
    await (await same.lock()).release();
  });

  it('is free after work that failed', async () => {
    const folder = new RunFolder(open('failing'));
    const failing = folder.hold(() => Promise.reject(new Error('failed')));
    await expect(failing).rejects.toThrow('failed');
    expect(await folder.hold(() => Promise.resolve('held'))).toBe('held');
  });
});

describe('a store on a disk', () => {
  it('tells who holds its lock, and since when', async () => {
    const store = diskRunStore(join(dir, 'told'));
    const lock = await store.lock();
    await expect(store.lock()).rejects.toMatchObject({
      sentence: expect.stringMatching(
        new RegExp(`process ${process.pid} on ${hostname()} has worked since 20\\d\\d-.*Z\\.$`),
      ),
      message: expect.stringContaining(`remove ${join(dir, 'told', 'run.lock')}.`),
    });
    await lock.release();
  });

  it('is not written to by who has lost its lock', async () => {
    const folder = new RunFolder(join(dir, 'lost'));
    await folder.hold(async (held) => {
      await held.store.write('a', 'mine');
      await held.store.append('a', ' still');
      await writeFile(folder.file('run.lock'), '{"pid":1,"token":"other"}');
      for (const attempt of [
        () => held.store.write('a', 'lost'),
        () => held.store.append('a', 'lost'),
        () => held.store.remove('a'),
      ])
        await expect(attempt()).rejects.toMatchObject({ code: 'RUN_IN_USE' });
    });
    expect(new TextDecoder().decode(await folder.store.read('a'))).toBe('mine still');
    expect(await folder.store.has('run.lock')).toBe(true);
  });

  it('cannot be locked where it cannot be written', async () => {
    const store = diskRunStore(join(dir, 'file-in-place'));
    await writeFile(store.place(), '');
    await expect(store.lock()).rejects.toMatchObject({ code: 'FILE_NOT_WRITABLE' });
  });

  it('shows nothing of a file that was not written to its end', async () => {
    const store = diskRunStore(join(dir, 'torn'));
    await store.write('rounds/00.json', '{}');
    await writeFile(store.place('rounds/01.json.winnow.partial'), '{');
    expect(await store.list('rounds')).toEqual(['00.json']);
  });

  it('names what it cannot write or read', async () => {
    const store = diskRunStore(join(dir, 'refusing'));
    await store.write('file', '');
    for (const attempt of [store.write('file/below', ''), store.append('file/below', '')])
      await expect(attempt).rejects.toMatchObject({
        code: 'FILE_NOT_WRITABLE',
        message: expect.stringContaining(store.place('file/below')),
      });
    await store.write('folder/file', '');
    await expect(store.read('folder')).rejects.toMatchObject({ code: 'FILE_NOT_READABLE' });
    await expect(store.list('file')).rejects.toMatchObject({ code: 'FILE_NOT_READABLE' });
  });
});
