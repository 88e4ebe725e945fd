import { expect, it } from '@jest/globals';
import type { RunConfig } from '@winnow/experiments';
import { WHOLE_CONFIG, decidingVariations } from '../testing/config-variations.ts';
import { runFacts } from './run-facts.ts';

const told = (config: unknown) => JSON.stringify([...runFacts({ config: config as RunConfig })]);

it('are of whatever decides the numbers of a run but what is told beside them or follows from the data', () => {
  const untold = decidingVariations()
    .filter(([path, config]) => !path.endsWith('.NEW') && told(config) === told(WHOLE_CONFIG))
    .map(([path]) => path);
  const beside = ['.format', '.method.name', '.model.name', '.dataset.name', '.density', '.seed'];
  const following = [
    ...['.dataset.normalization.mean.0', '.dataset.normalization.std.0'],
    ...['.input.height', '.input.width', '.input.channels', '.classes'],
  ];
  expect(new Set(untold)).toEqual(new Set([...beside, ...following]));
});
