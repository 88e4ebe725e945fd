module.exports = {
  ...require('../../jest.preset.cjs'),
  displayName: 'plugin-host',
  rootDir: __dirname,
};
