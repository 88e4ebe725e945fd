const swc = require('@swc/jest');

/**
 * Looking a global up in Jest's sandbox costs more than most of a loop's work (VGG-11's weights were drawn in 13.0 s, and
 * are now in 0.9): a module holds those of loops as constants of its own. (`sandboxInjectedGlobals` does so for CommonJS alone.)
 */
const GLOBALS = [
  ...['Array', 'Float32Array', 'Float64Array', 'Infinity', 'Int32Array', 'Math', 'NaN', 'Number'],
  ...['Object', 'Uint8Array', 'Uint32Array'],
];

function withConstants(source) {
  const used = GLOBALS.filter((name) => new RegExp(`\\b${name}\\b`).test(source));
  const constants = used.map((name) => `const ${name} = globalThis.${name};`);
  return `${constants.join(' ')} ${source}`;
}

module.exports = {
  createTransformer(options) {
    const own = swc.createTransformer(options);
    return {
      ...own,
      process: (source, ...rest) => own.process(withConstants(source), ...rest),
      processAsync: (source, ...rest) => own.processAsync(withConstants(source), ...rest),
      getCacheKey: (source, ...rest) => own.getCacheKey(withConstants(source), ...rest),
    };
  },
};
