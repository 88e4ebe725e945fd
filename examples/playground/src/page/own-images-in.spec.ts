import { expect, it } from '@jest/globals';
import { labelled } from './own-images-in.ts';

const file = (path: string, type = 'image/png') => ({ path, name: path.split('/').at(-1)!, type });
const labels = (paths: readonly string[]) =>
  labelled(paths.map((path) => file(path))).map(({ label }) => label);

it('tells kinds by folders', () => {
  expect(labels(['/pets/cats/1.png', '/pets/dogs/1.png', './pets/dogs/cat.png'])).toEqual([
    'cats',
    'dogs',
    'dogs',
  ]);
});

it('tells kinds of one folder by names', () => {
  expect(labels(['cat-1.png', 'cat_22.jpeg', 'red panda (3).png', 'fox.png', '7.png'])).toEqual([
    'cat',
    'cat',
    'red panda',
    'fox',
    '7',
  ]);
});

it('leaves out what is no image', () => {
  expect(labelled([file('a/cat.png'), file('a/notes.txt', 'text/plain')])).toHaveLength(1);
});
