export { installation, removeBackend, type Installation } from './lib/install/installation.ts';
export { assertInstallable, installBackend } from './lib/install/install-backend.ts';
export { INSTALLABLE } from './lib/install/recipes.ts';
