import { existsSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from '@jest/globals';
import { forgetPeakMemory, peakMemoryBytes } from './peak-memory.ts';

const LARGE = 200 * 2 ** 20;

/** What is resident with all pages of a large buffer. */
function fill(): number {
  const buffer = Buffer.allocUnsafe(LARGE).fill(1);
  return process.memoryUsage.rss() + buffer[0]! - 1;
}

const canForget = existsSync('/proc/self/clear_refs');

(canForget ? it : it.skip)('is what was resident at the most, until it is forgotten', () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const held = fill();
  collect();
  expect(peakMemoryBytes()).toBeGreaterThan(held - 0.1 * LARGE);
  forgetPeakMemory();
  expect(peakMemoryBytes()).toBeLessThan(held - 0.25 * LARGE);
});
