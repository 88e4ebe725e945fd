import { expect, it } from '@jest/globals';
import { parseHTML } from 'linkedom';
import { INITIAL_STYLE, inherit, textStart } from './inherited-style.ts';

const { document } = parseHTML(
  '<g fill="none" stroke="currentColor" font-size="10" text-anchor="end"><text y="0.32em" x="7">a</text></g>',
);
const text = document.querySelector('text')!;
const style = inherit(inherit(INITIAL_STYLE, document.querySelector('g')!), text);

it('takes from its parents what an element does not say', () => {
  expect(style).toMatchObject({ fill: 'none', stroke: '#24292f', fontSize: 10, strokeWidth: 1 });
});

it('begins a text where its anchor and its size have it', () => {
  expect(textStart(text, style, 4)).toEqual([3, 3.2]);
  expect(textStart(text, { ...style, anchor: 'middle', fontSize: 5 }, 4)).toEqual([5, 1.6]);
  expect(textStart(text, { ...style, anchor: 'start' }, 4)).toEqual([7, 3.2]);
});
