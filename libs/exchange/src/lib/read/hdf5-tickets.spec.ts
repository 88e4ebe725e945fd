import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type Limits, limitsFor } from '@winnow/files/confined';
import models from '@winnow/models';
import { ComponentRegistry } from '@winnow/plugin-api';
import hdf5, { type Group } from 'h5wasm/node';
import { chooseTicket } from './choose-ticket.ts';
import type { FlatTicket } from './flat-ticket.ts';
import { isHdf5, readHdf5Tickets } from './hdf5-tickets.ts';
import { ticketFromFlat } from './ticket-from-flat.ts';

/** Written by h5py; see tickets.py beside it. */
const FIXTURE = fileURLToPath(new URL('../../../fixtures/tickets.h5', import.meta.url));
const SIZE = 97_552;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'winnow-hdf5-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** A file of one's own making. */
async function file(name: string, fill: (root: Group) => void): Promise<string> {
  await hdf5.ready;
  const path = join(folder, name);
  const root = new hdf5.File(path, 'w');
  fill(root);
  root.close();
  return path;
}

describe('readHdf5Tickets', () => {
  it("reads h5py's boolean arrays, compressed", async () => {
    const tickets = await readHdf5Tickets(FIXTURE);
    expect(tickets.map(({ name, kept }) => [name, kept])).toEqual([
      ['0.01', 976], // 3, 103, …, 97,503
      ['0.143', 13_936], // 97,552 / 7
    ]);
    for (const [i, [every, first]] of [[100, 3] as const, [7, 0] as const].entries()) {
      const { mask } = tickets[i]!;
      expect(mask.length).toBe(SIZE);
      expect(mask.every((bit, at) => bit === Number(at % every === first))).toBe(true);
    }
  });

  it('tells an HDF5 file by its first bytes', async () => {
    const other = join(folder, 'other.h5');
    await writeFile(other, 'x');
    expect([await isHdf5(FIXTURE), await isHdf5(other)]).toEqual([true, false]);
    await expect(isHdf5(join(folder, 'absent'))).rejects.toMatchObject({
      code: 'FILE_NOT_READABLE',
    });
  });

  it("reads a ticket behind a user's block, beside data sets that are none", async () => {
    const path = FIXTURE.replace('tickets', 'userblock');
    expect(await isHdf5(path)).toBe(true);
    const [ticket, ...others] = await readHdf5Tickets(path);
    expect([ticket!.name, ticket!.kept, others]).toEqual(['0.2', 8, []]);
    expect([...ticket!.mask.subarray(0, 7)]).toEqual([0, 1, 0, 0, 0, 0, 1]);
  });

  it('refuses what is damaged or something else, without a word on the terminal', async () => {
    const words = jest.spyOn(console, 'error');
    const fixture = await readFile(FIXTURE);
    const truncated = join(folder, 'truncated.h5');
    await writeFile(truncated, fixture.subarray(0, 5000));
    const damaged = join(folder, 'damaged.h5');
    await writeFile(damaged, Buffer.from(fixture).fill(0xff, 4500, 4600));
    const cases: [string, RegExp][] = [
      [truncated, /truncated file/],
      [damaged, /filter returned failure/],
      [await file('empty.h5', () => {}), /no data sets/],
      [
        await file('floats.h5', (root) =>
          root.create_dataset({ name: 'b', data: Float32Array.of(0, 1) }),
        ),
        /"b" is not boolean/,
      ],
      [await file('link.h5', (root) => root.create_soft_link('/nowhere', 'l')), /"l" is a link/],
    ];
    for (const [path, message] of cases) {
      await expect(readHdf5Tickets(path)).rejects.toMatchObject({
        code: 'BAD_HDF5',
        message: expect.stringMatching(message),
      });
    }
    expect(words).not.toHaveBeenCalled();
    words.mockRestore();
  });
});

describe('an HDF5 file that takes more than it may', () => {
  const limited = (path: string, how: Partial<Limits>) =>
    readHdf5Tickets(path, (bytes) => ({ ...limitsFor(bytes), ...how }));

  it('is BAD_DATA with its name: a ticket of two billion values, few of which were written', async () => {
    const bytes = await readFile(FIXTURE);
    const size = Buffer.alloc(8);
    size.writeBigUInt64LE(BigInt(SIZE));
    const vast = Buffer.alloc(8);
    vast.writeBigUInt64LE(2n ** 31n);
    // A dataspace says its size, and the largest it may grow to.
    for (let at = 0; (at = bytes.indexOf(size, at)) >= 0; at += 8) vast.copy(bytes, at);
    const path = join(folder, 'vast.h5');
    await writeFile(path, bytes);
    await expect(readHdf5Tickets(path)).rejects.toMatchObject({
      code: 'BAD_DATA',
      message: expect.stringMatching(/vast\.h5 .*more than 1024 MiB of memory/),
    });
  });

  it('is so with little time, too; what is asked next has an answer', async () => {
    await expect(limited(FIXTURE, { seconds: 0 })).rejects.toMatchObject({ code: 'BAD_DATA' });
    expect((await readHdf5Tickets(FIXTURE)).length).toBe(2);
  });
});

const flat = (name: string, bits: number[]): FlatTicket => {
  const mask = Uint8Array.from(bits);
  return { name, mask, kept: mask.reduce((a, b) => a + b, 0) };
};

describe('chooseTicket', () => {
  const tickets = [flat('a', [1, 0, 0, 0]), flat('b', [1, 1, 1, 0]), flat('c', [0, 1, 1, 1])];
  it('takes a name, or a density that one ticket has', () => {
    expect(chooseTicket(tickets, { name: 'b' }).name).toBe('b');
    expect(chooseTicket(tickets.slice(0, 1), { density: 0.26 }).name).toBe('a');
    expect(chooseTicket(tickets.slice(0, 1), {}).name).toBe('a');
    expect(() => chooseTicket(tickets, {})).toThrow(
      'The file holds several tickets: "a" (0.250), "b" (0.750), "c" (0.750).',
    );
  });

  it('refuses a density that several have, or none', () => {
    const thousand = Array.from({ length: 1000 }, (_, i) => Number(i < 50));
    const many = [
      flat('x', thousand),
      flat('y', thousand.toReversed()),
      flat(
        'z',
        thousand.map((b) => 1 - b),
      ),
    ];
    expect(() => chooseTicket(many, { density: 0.05 })).toThrow(/several tickets of density 0.05/);
    expect(() => chooseTicket(many, { density: 0.06 })).toThrow(/no ticket of density 0.06/);
    expect(chooseTicket(many, { density: 0.949 }).name).toBe('z');
    expect(() => chooseTicket(many, { name: 'w' })).toThrow(
      expect.objectContaining({
        code: 'UNKNOWN_NAME',
        message: expect.stringContaining('"z" (0.950)'),
      }),
    );
  });
});

describe('ticketFromFlat', () => {
  const network = new ComponentRegistry(models.components)
    .get('model', 'resnet8')
    .build({ height: 8, width: 8, channels: 1 }, 10, {});
  const found = { method: 'cts', seed: 0, weightsHash: 'x' };

  it('deals the values to the prunable parameters in order', async () => {
    const [, seventh] = await readHdf5Tickets(FIXTURE);
    const ticket = ticketFromFlat(seventh!, network, found);
    expect(ticket.provenance).toEqual({ ...found, density: 1 / 7, model: 'resnet8' });
    expect([...ticket.layers.keys()].slice(0, 2)).toEqual([
      'stem.conv.weight',
      'stage1.block1.conv1.weight',
    ]);
    // The stem has 16·1·3·3 = 144 weights, so the next layer begins at 144 = 20·7 + 4.
    expect(ticket.layers.get('stem.conv.weight')!.shape).toEqual([16, 1, 3, 3]);
    expect([...ticket.layers.get('stem.conv.weight')!.kept.subarray(0, 8)]).toEqual([
      1, 0, 0, 0, 0, 0, 0, 1,
    ]);
    expect([...ticket.layers.get('stage1.block1.conv1.weight')!.kept.subarray(0, 4)]).toEqual([
      0, 0, 0, 1,
    ]);
  });

  it('refuses another number of weights, and none', () => {
    expect(() => ticketFromFlat(flat('a', [1, 0]), network, found)).toThrow(
      expect.objectContaining({
        code: 'TICKET_MISMATCH',
        message: expect.stringContaining('97552'),
      }),
    );
    const none = { name: 'a', mask: new Uint8Array(SIZE), kept: 0 };
    expect(() => ticketFromFlat(none, network, found)).toThrow(
      expect.objectContaining({ code: 'EMPTY_TICKET' }),
    );
  });
});
