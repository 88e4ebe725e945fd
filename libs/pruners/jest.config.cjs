module.exports = {
  ...require('../../jest.preset.cjs'),
  displayName: 'pruners',
  rootDir: __dirname,
};
