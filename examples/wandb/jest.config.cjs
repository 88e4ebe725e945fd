module.exports = {
  ...require('../../jest.preset.cjs'),
  displayName: 'example wandb',
  rootDir: __dirname,
  testMatch: ['<rootDir>/*.spec.ts'],
};
