module.exports = {
  ...require('../../jest.preset.cjs'),
  displayName: 'plugin-api',
  rootDir: __dirname,
};
