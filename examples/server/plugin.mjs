import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { defineExporter, defineObserver, definePlugin } from '@winnow/plugin-api';
import * as z from 'zod';

const percent = (/** @type {number} */ fraction) => `${(100 * fraction).toFixed(1)} %`;

/** A line of `journal.md` in the run's folder for each thing worth remembering. */
export const journal = defineObserver({
  name: 'journal',
  summary: 'writes what happens into journal.md',
  options: z.strictObject({ title: z.string().default('Journal') }),
  observe({ place }, { title }) {
    const lines = [`# ${title}`, ''];
    return {
      on(event) {
        if (event.type === 'phase') lines.push(`- ${event.phase} begins`);
        if (event.type === 'ticket')
          lines.push(`- the ticket keeps ${event.kept} of ${event.size}`);
        if (event.type === 'result')
          lines.push(`- test accuracy ${percent(event.result.testAccuracy)}`);
      },
      close: () => appendFile(join(place, 'journal.md'), `${lines.join('\n')}\n`),
    };
  },
});

/** Flat indices and values of what is kept, by parameter. */
export const keptJson = defineExporter({
  name: 'kept-json',
  summary: 'kept weights and their flat indices as JSON',
  place: 'export/kept.json',
  needsGraph: false,
  encode({ tensors, mask, metadata }) {
    const layers = [...tensors].map(([name, { shape, data }]) => {
      const kept = mask?.get(name)?.kept;
      const indices = [...data.keys()].filter((i) => !kept || kept[i]);
      return [name, { shape, indices, values: indices.map((i) => data[i]) }];
    });
    return new TextEncoder().encode(
      JSON.stringify({ metadata, layers: Object.fromEntries(layers) }),
    );
  },
});

export default definePlugin({ name: 'server-example', components: [journal, keptJson] });
