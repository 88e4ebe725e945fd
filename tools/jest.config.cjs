module.exports = {
  ...require('../jest.preset.cjs'),
  displayName: 'tools',
  rootDir: __dirname,
  // With one, the last rooms would leave a core idle.
  maxWorkers: 2,
};
