// Whether the backend `webgpu` can be tried here, and with which settings of the environment.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Chromium's own driver in software, and the Vulkan loader beside it. */
const CHROMIUM = ['/usr/lib/chromium', '/usr/lib/chromium-browser', '/opt/google/chrome'];
const ICD = 'vk_swiftshader_icd.json';
/** Where the drivers of a system say that they are there, Mesa's lavapipe among them. */
const DRIVERS = ['/usr/share/vulkan/icd.d', '/etc/vulkan/icd.d'];

/** By which a person says which drivers there are. */
const CHOSEN = ['VK_ICD_FILENAMES', 'VK_DRIVER_FILES', 'VK_ADD_DRIVER_FILES'];

const isLoader = (folder) => existsSync(join(folder, 'libvulkan.so.1'));

function loaderOfSystem() {
  const { stdout } = spawnSync('ldconfig', ['-p'], { encoding: 'utf8' });
  return Boolean(stdout?.includes('libvulkan.so.1'));
}

/** What to add to the environment for a driver of Vulkan to be found, or why there is none. */
export function vulkan() {
  if (process.platform !== 'linux' || CHOSEN.some((it) => process.env[it])) return { env: {} };
  const system = loaderOfSystem();
  const drivers = system && DRIVERS.some((it) => existsSync(it) && readdirSync(it).length > 0);
  const folder = CHROMIUM.find((it) => existsSync(join(it, ICD)));
  // Beside those of the system, which may be for a GPU that is not there.
  if (drivers) return { env: folder ? { VK_ADD_DRIVER_FILES: join(folder, ICD) } : {} };
  if (!folder) return { reason: 'there is no driver of Vulkan, nor Chromium with its own' };
  if (!system && !isLoader(folder)) return { reason: 'there is no libvulkan.so.1' };
  return {
    env: {
      VK_ICD_FILENAMES: join(folder, ICD),
      ...(system ? {} : { LD_LIBRARY_PATH: folder }),
    },
  };
}
