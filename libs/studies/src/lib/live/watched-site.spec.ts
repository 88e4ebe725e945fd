import { expect, it } from '@jest/globals';
import type { LiveRuns } from './live-runs.ts';
import { WatchedSite } from './watched-site.ts';

it('makes a page once a change, and tells of changes until it is stopped', async () => {
  const looks = [false, true, false, true];
  const stop = new AbortController();
  const runs = {
    views: () => [],
    look() {
      if (looks.length === 1) stop.abort();
      return Promise.resolve(looks.shift()!);
    },
  };
  const made: string[] = [];
  const site = new WatchedSite(runs as unknown as LiveRuns, (path) => {
    made.push(path);
    return Promise.resolve(path === 'none' ? undefined : `page ${path}`);
  });
  const changes: Promise<unknown>[] = [];
  site.onChange(() => {
    changes.push(Promise.all([site.page('a'), site.page('a'), site.page('none')]));
  }, stop.signal);
  const gone = new AbortController();
  site.onChange(() => expect(gone.signal.aborted).toBe(false), gone.signal);
  gone.abort();
  expect(await site.page('a')).toBe('page a');
  await site.follow(0, stop.signal);
  // The last one came with the signal: a listener that goes by it is not told any more.
  expect(await Promise.all(changes)).toEqual([['page a', 'page a', undefined]]);
  expect(made).toEqual(['a', 'a', 'none']);
});
