module.exports = {
  ...require('../../jest.preset.cjs'),
  displayName: 'example server',
  rootDir: __dirname,
  testMatch: ['<rootDir>/*.spec.ts'],
};
