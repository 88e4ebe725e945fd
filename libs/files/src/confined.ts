export { ConfinedProcess, compiledBeside } from './lib/confined/confined-process.ts';
export { LimitReached, limitSentences, limitsFor, type Limits } from './lib/confined/limits.ts';
export { type ConfinedMethods, serveConfined } from './lib/confined/serve-confined.ts';
