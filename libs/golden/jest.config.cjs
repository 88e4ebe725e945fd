module.exports = {
  ...require('../../jest.preset.cjs'),
  displayName: 'golden',
  rootDir: __dirname,
};
