module.exports = {
  ...require('../../jest.preset.cjs'),
  displayName: 'example objective',
  rootDir: __dirname,
  testMatch: ['<rootDir>/*.spec.ts'],
};
