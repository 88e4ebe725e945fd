import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { checkComponent } from './check-component.ts';
import { definePruner } from './pruner.ts';

const pruner = (options: z.ZodType) =>
  definePruner({
    name: 'mine',
    summary: '',
    options,
    findTicket: () => Promise.reject(new Error('Not called here.')),
  });

describe('checkComponent', () => {
  it('takes options that a command line cannot give', () => {
    const mine = pruner(z.strictObject({ since: z.date(), of: z.map(z.string(), z.bigint()) }));
    expect(checkComponent(mine, 'theirs', 0)).toBe(mine);
  });

  it('names the plugin of options that cannot be read', () => {
    const twice = z.strictObject({
      a: z.string().meta({ id: 'same' }),
      b: z.number().meta({ id: 'same' }),
    });
    expect(() => checkComponent(pruner(twice), 'theirs', 0)).toThrow(
      expect.objectContaining({
        code: 'PLUGIN_LOAD',
        message: expect.stringMatching(
          /options of pruner "mine" of plugin "theirs" cannot be read \(Duplicate schema id/,
        ),
      }),
    );
  });
});
