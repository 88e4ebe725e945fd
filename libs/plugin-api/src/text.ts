export { visible, visibleJson } from './lib/visible.ts';
