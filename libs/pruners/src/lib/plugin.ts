import { definePlugin } from '@winnow/plugin-api';
import { cts } from './cts/cts.ts';
import { magnitude } from './magnitude.ts';
import { random } from './random.ts';

export default definePlugin({ name: '@winnow/pruners', components: [cts, magnitude, random] });
