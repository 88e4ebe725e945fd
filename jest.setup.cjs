const { mkdirSync } = require('node:fs');
const { join } = require('node:path');

/** Makes the folder of the room's report, which Jest does not. */
module.exports = (_, { rootDir }) => {
  mkdirSync(join(rootDir, 'out-tsc'), { recursive: true });
};
