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
  it('takes options that a command line can offer', () => {
    const mine = pruner(z.strictObject({ rate: z.number(), mode: z.enum(['a', 'b']).optional() }));
    expect(checkComponent(mine, 'theirs', 0)).toBe(mine);
  });

  it('names the plugin of options that it cannot', () => {
    const dated = pruner(z.strictObject({ since: z.date() }));
    expect(() => checkComponent(dated, 'theirs', 0)).toThrow(
      expect.objectContaining({
        code: 'PLUGIN_LOAD',
        message: expect.stringMatching(
          /options of pruner "mine" of plugin "theirs" cannot become flags/,
        ),
      }),
    );
  });
});
