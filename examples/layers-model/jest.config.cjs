module.exports = {
  ...require('../../jest.preset.cjs'),
  displayName: 'example layers-model',
  rootDir: __dirname,
  testMatch: ['<rootDir>/*.spec.ts'],
};
