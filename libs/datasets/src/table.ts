export { DIGITS, digitsIn } from './lib/digits-table.ts';
