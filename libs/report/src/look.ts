export { durationText } from './lib/duration-text.ts';
export { STYLE } from './lib/pages/style.ts';
export { densityText, percent } from './lib/percent.ts';
export { percentOf, savedTo, savings, shortCount, type Saving } from './lib/savings.ts';
