import { existsSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from '@jest/globals';
import { forgetPeakMemory, peakMemoryBytes } from './peak-memory.ts';

const LARGE = 200 * 2 ** 20;

/** Touches every page, so that all of it is resident. */
const fill = () => Buffer.allocUnsafe(LARGE).fill(1).length;

const canForget = existsSync('/proc/self/clear_refs');

(canForget ? it : it.skip)('is what was resident at the most, until it is forgotten', () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  const before = process.memoryUsage.rss();
  fill();
  const peak = peakMemoryBytes();
  expect(peak).toBeGreaterThan(before + 0.5 * LARGE);
  collect();
  expect(peakMemoryBytes()).toBeGreaterThan(peak - 0.1 * LARGE);
  forgetPeakMemory();
  expect(peakMemoryBytes()).toBeLessThan(peak - 0.25 * LARGE);
});
