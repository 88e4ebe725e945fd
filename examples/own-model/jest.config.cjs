module.exports = {
  ...require('../../jest.preset.cjs'),
  displayName: 'example own-model',
  rootDir: __dirname,
  testMatch: ['<rootDir>/*.spec.ts'],
};
