import { beforeAll, expect, it } from '@jest/globals';
import { firstImages } from '@winnow/data';
import { digits } from '@winnow/datasets';
import models, { initialize } from '@winnow/models';
import { ComponentRegistry, type ImageSource, type SavedState } from '@winnow/plugin-api';
import { randomStreams } from '@winnow/tensor-backend';
import { backendsHere } from '@winnow/tensor-backend/node';
import { findTicket } from '../find-ticket.ts';
import { cts } from './cts.ts';

const BATCH = 16;

beforeAll(() => backendsHere()[0]!.start());

it('a search saves its state before an image that cannot be read, and goes on to the same bits', async () => {
  const { train, input, classes, recipe } = await digits.open({});
  const registry = new ComponentRegistry(models.components);
  const network = registry.get('model', 'lenet').build(input, classes, {});
  const source = firstImages(train, 2 * BATCH);
  const parameters = initialize(network, randomStreams(1)('initialisation'));
  const search = (from: ImageSource, saved: { state?: SavedState }) =>
    findTicket(cts, {
      network,
      parameters,
      train: from,
      recipe: { ...recipe, epochs: 3, dropEpochs: [], batchSize: BATCH },
      density: 0.1,
      options: { searchEpochs: 3 },
      checkpoints: {
        load: () => Promise.resolve(saved.state),
        due: () => false,
        save: (state) => Promise.resolve(void (saved.state = structuredClone(state))),
      },
    });
  const whole = await search(source, {});
  let reads = 0;
  const broken: ImageSource = {
    ...source,
    read: (...given) =>
      reads++ === 3 ? Promise.reject(new Error('a corrupt image')) : source.read(...given),
  };
  const saved: { state?: SavedState } = {};
  await expect(search(broken, saved)).rejects.toThrow('a corrupt image');
  expect(saved.state!.values['state/step']).toBe(3);
  expect(await search(broken, saved)).toEqual(whole);
});
