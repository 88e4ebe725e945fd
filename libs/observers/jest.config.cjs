module.exports = {
  ...require('../../jest.preset.cjs'),
  displayName: 'observers',
  rootDir: __dirname,
};
