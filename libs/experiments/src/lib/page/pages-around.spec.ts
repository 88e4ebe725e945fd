import { posix } from 'node:path';
import { expect, it } from '@jest/globals';
import type { RunStore } from '../store/run-store.ts';
import { pagesAround } from './pages-around.ts';

/** A store at a place where these files are. */
const storeAt = (place: string, files: readonly string[]): RunStore =>
  ({
    place: () => place,
    has: (name: string) => Promise.resolve(files.includes(posix.join(place, name))),
    at: (up: string) => storeAt(posix.join(place, up), files),
  }) as unknown as RunStore;

it('are those that are there, nearest first, by the names of their folders', async () => {
  const around = (...files: string[]) => pagesAround(storeAt('/a/study/run', files));
  expect(await around('/a/study/run/report.html')).toEqual([]);
  expect(
    await around('/a/report.html', '/a/study/report.html', '/a/study/run/checks/report.html'),
  ).toEqual([
    { text: 'Report on study', href: '../report.html' },
    { text: 'Report on a', href: '../../report.html' },
    { text: 'Sanity checks', href: 'checks/report.html' },
  ]);
});
