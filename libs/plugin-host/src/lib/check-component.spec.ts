import { describe, expect, it } from '@jest/globals';
import {
  defineDataset,
  defineExporter,
  defineObjective,
  defineObserver,
  definePruner,
} from '@winnow/plugin-api';
import * as z from 'zod';
import { checkComponent } from './check-component.ts';

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

  const unused = () => {
    throw new Error('Not called here.');
  };
  const mine = pruner(z.strictObject({}));
  const size = defineObjective({
    name: 'size',
    summary: '',
    lossScale: 1,
    stationaryAtDense: false,
    evaluate: unused,
  });
  const photos = defineDataset({
    name: 'photos',
    summary: '',
    options: z.strictObject({ folder: z.string() }),
    places: ['folder'],
    open: unused,
  });

  const log = defineObserver({
    name: 'log',
    summary: '',
    options: z.strictObject({}),
    observe: unused,
  });
  const shards = defineExporter({
    name: 'shards',
    summary: '',
    place: 'export/shards/v1',
    needsGraph: false,
    encode: unused,
  });

  it('takes needs and places that there are', () => {
    const needy = { ...mine, needs: ['objective', 'second-derivatives'] };
    for (const one of [needy, size, photos, log, shards])
      expect(checkComponent(one, 'theirs', 0)).toBe(one);
  });

  it.each<[what: string, component: object, problem: string]>([
    [
      'a method without needs',
      { ...mine, needs: undefined },
      'The pruner "mine" of plugin "theirs" has no list "needs". Known: objective, ',
    ],
    [
      'an objective that misspells a need',
      { ...size, needs: ['objective', 'activation'] },
      'The objective "size" of plugin "theirs" has "activation" among its needs. Did you mean "activations"? ',
    ],
    ['a text for a list of needs', { ...size, needs: 'activations' }, 'no list "needs"'],
    ['an objective without options given', { ...size, given: undefined }, 'no object "given"'],
    ['null for options given', { ...size, given: null }, 'no object "given"'],
    [
      'a place that is no option',
      { ...photos, places: ['foldre'] },
      'has "foldre" among its places. Did you mean "folder"? ',
    ],
    ['an observer without options', { ...log, options: undefined }, 'are no zod schema'],
    ['an exporter without a place', { ...shards, place: undefined }, 'no string "place"'],
    ...['model.bin', 'export', 'export/', '/export/a', 'export/../a', 'exports/a'].map(
      (place): [string, object, string] => [
        `a place out of export/, "${place}"`,
        { ...shards, place },
        `The exporter "shards" of plugin "theirs" has the place "${place}". Give it one in export/`,
      ],
    ),
  ])('refuses %s', (_, component, problem) => {
    expect(() => checkComponent(component, 'theirs', 0)).toThrow(
      expect.objectContaining({
        code: 'PLUGIN_LOAD',
        message: expect.stringContaining(problem),
      }),
    );
  });

  it.each(['<img src=x>', '../../etc/x', 'a\nb', '__proto__', 'constructor', 'x\x1b[31m'])(
    'refuses the name "%s"',
    (name) => {
      expect(() => checkComponent({ ...size, name }, 'theirs', 2)).toThrow(
        expect.objectContaining({
          code: 'BAD_NAME',
          sentence: `Component 2 of plugin "theirs", of kind objective, cannot have the name "${name}".`,
        }),
      );
    },
  );

  it('refuses a pruner with the name of no pruning, which would never be asked', () => {
    expect(() => checkComponent({ ...mine, name: 'dense' }, 'theirs', 0)).toThrow(
      expect.objectContaining({
        code: 'BAD_NAME',
        message: expect.stringMatching(/of kind pruner, .* "dense"\. It means training without/),
      }),
    );
    expect(checkComponent({ ...size, name: 'dense' }, 'theirs', 0).name).toBe('dense');
  });

  it('shows the beginning of a name that is too long', () => {
    const refused = { code: 'BAD_NAME', sentence: expect.stringMatching(/"a{60}…"\.$/) };
    expect(() => checkComponent({ ...size, name: 'a'.repeat(5000) }, 'theirs', 0)).toThrow(
      expect.objectContaining(refused),
    );
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
