import { expect, it } from '@jest/globals';
import { WinnowError, defineBackend } from '@winnow/plugin-api';
import { startBackend } from './start-backend.ts';

const plain = defineBackend({
  name: 'plain',
  summary: 'always there',
  priority: 1,
  start: () => Promise.resolve(),
});
/** Had better not be taken by `auto`. */
const slow = defineBackend({
  name: 'slow',
  summary: 'there for who asks for it',
  priority: 2,
  start: (how) =>
    how?.byAuto
      ? Promise.reject(new WinnowError('BACKEND_UNAVAILABLE', 'Only by its name.'))
      : Promise.resolve(),
});

it('lets a backend refuse to be taken by auto, and takes it by its name', async () => {
  expect(await startBackend('auto', [slow, plain])).toBe('plain');
  expect(await startBackend(slow, [slow, plain])).toBe('slow');
  await expect(startBackend('auto', [slow])).rejects.toThrow('Only by its name.');
});
