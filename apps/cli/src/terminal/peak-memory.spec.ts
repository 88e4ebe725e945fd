import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { expect, it } from '@jest/globals';

const LARGE = 200 * 2 ** 20;
const BUILT = new URL('../../dist/terminal/peak-memory.js', import.meta.url).href;

/** In a process of its own, whose memory nothing else moves; every page of the buffer is touched, so that it is resident. */
const PROGRAM = `
  import { forgetPeakMemory, peakMemoryBytes } from '${BUILT}';
  const before = process.memoryUsage.rss();
  (() => Buffer.allocUnsafe(${LARGE}).fill(1).length)();
  const peak = peakMemoryBytes();
  gc();
  const later = peakMemoryBytes();
  forgetPeakMemory();
  console.log(JSON.stringify({ before, peak, later, forgotten: peakMemoryBytes() }));
`;

const canForget = existsSync('/proc/self/clear_refs');

(canForget ? it : it.skip)('is what was resident at the most, until it is forgotten', () => {
  const words = ['--expose-gc', '--input-type=module', '--eval', PROGRAM];
  const { before, peak, later, forgotten } = JSON.parse(
    execFileSync(process.execPath, words, { encoding: 'utf8' }),
  ) as Record<'before' | 'peak' | 'later' | 'forgotten', number>;
  expect(peak).toBeGreaterThan(before + 0.9 * LARGE);
  expect(later).toBeGreaterThan(peak - 0.1 * LARGE);
  expect(forgotten).toBeLessThan(peak - 0.5 * LARGE);
});
