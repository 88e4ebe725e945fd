import { definePlugin } from '@winnow/plugin-api';
import { given } from './given.ts';

/** What reads files. */
export default definePlugin({ name: '@winnow/pruners/files', components: [given] });
