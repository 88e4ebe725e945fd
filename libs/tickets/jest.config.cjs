module.exports = {
  ...require('../../jest.preset.cjs'),
  displayName: 'tickets',
  rootDir: __dirname,
};
