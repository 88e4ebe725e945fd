module.exports = {
  ...require('../../jest.preset.cjs'),
  displayName: 'example plugin-kit',
  rootDir: __dirname,
  testMatch: ['<rootDir>/*.spec.ts'],
};
