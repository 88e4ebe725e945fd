module.exports = {
  ...require('../../jest.preset.cjs'),
  displayName: 'tensor-backend',
  rootDir: __dirname,
};
