import { join, resolve } from 'node:path';
import { sha256 } from '@winnow/files';
import { type ObserverDescriptor, type RunEvent, defineObserver } from '@winnow/plugin-api';
import * as z from 'zod';
import { hyperParameters } from '../hyper-parameters.ts';
import { assertFolder, nameOf } from '../run-place.ts';
import { scalarsOf } from '../scalars.ts';

/** Runs of one name in several folders do not share one. */
const folderFor = (root: string, place: string) =>
  join(root, `${nameOf(place)}-${sha256(resolve(place)).slice(0, 8)}`);

/** `now` tells milliseconds since 1970. */
export function tensorboardBy(now: () => number): ObserverDescriptor {
  return defineObserver({
    name: 'tensorboard',
    summary: 'event files for TensorBoard: every number, densities of layers, hyper-parameters',
    options: z.strictObject({
      tensorboardDir: z
        .string()
        .min(1)
        .optional()
        .describe("folder for those of many runs (default: tensorboard/ in the run's folder)"),
    }),
    async observe({ place, config }, { tensorboardDir }) {
      await assertFolder(place, 'tensorboard');
      // Loaded by who observes alone.
      const [{ EventFolder }, { sessionStart, sessionSuccess }] = await Promise.all([
        import('./event-folder.ts'),
        import('./event-messages.ts'),
      ]);
      const root = tensorboardDir ? folderFor(tensorboardDir, place) : join(place, 'tensorboard');
      const folders = new Map<string, InstanceType<typeof EventFolder>>();
      const folderOf = (group: string) => {
        const known = folders.get(group) ?? new EventFolder(join(root, group), now);
        folders.set(group, known);
        return known;
      };
      folderOf('').add(0, [sessionStart(hyperParameters(config), now() / 1000)]);
      return {
        on(event: RunEvent) {
          const [first, ...rest] = scalarsOf(event);
          if (first) {
            const values = [first, ...rest].map(({ tag, value }) => ({ tag, simpleValue: value }));
            folderOf(first.group).add(first.step, values);
          }
          if (event.type === 'result') folderOf('').add(0, [sessionSuccess(now() / 1000)]);
        },
        async close() {
          await Promise.all([...folders.values()].map((folder) => folder.flush()));
        },
      };
    },
  });
}

export const tensorboard = tensorboardBy(Date.now);
