/** Imports point up this list only: a room may use the rooms above it. */
export const rooms = [
  'plugin-api',
  'plugin-host',
  'files',
  'golden',
  'tensor-backend',
  'models',
  'data',
  'datasets',
  'tickets',
  'exchange',
  'objectives',
  'training',
  'layers-model',
  'pruners',
  'testing',
  'report',
  'observers',
  'experiments',
  'studies',
  'scaffold',
  'cli',
  'examples',
  'tools',
];

/** No way of imports leads from the first of each to the second: who embeds Winnow gets no command line with it. */
export const apart = [['apps/cli/src/composition/', 'apps/cli/src/commands/']];
