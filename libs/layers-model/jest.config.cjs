module.exports = {
  ...require('../../jest.preset.cjs'),
  displayName: 'layers-model',
  rootDir: __dirname,
};
