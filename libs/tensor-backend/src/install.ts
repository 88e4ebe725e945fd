export {
  installation,
  removeBackend,
  type Installation,
  type Part,
} from './lib/install/installation.ts';
export {
  assertInstallable,
  installBackend,
  type InstallOptions,
} from './lib/install/install-backend.ts';
export { INSTALLABLE } from './lib/install/recipes.ts';
