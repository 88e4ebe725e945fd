module.exports = {
  ...require('../../jest.preset.cjs'),
  displayName: 'example playground',
  rootDir: __dirname,
};
