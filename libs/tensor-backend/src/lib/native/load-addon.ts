import { createRequire } from 'node:module';

export function loadAddon(): unknown {
  return createRequire(import.meta.url)(
    process.env['WINNOW_ENGINE'] ?? '../../../build/winnow_engine.node',
  );
}
