import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { WinnowError } from '@winnow/plugin-api';
import { type PackageFolder, type PluginPlace, foldersUp, readPackage } from './locate-plugin.ts';

const TFJS = '@tensorflow/tfjs-core';

/** The package that an import by name would find from a folder, whatever its `exports` hide. */
export function installedPackage(name: string, from: string): PackageFolder | undefined {
  for (const folder of foldersUp(from)) {
    const candidate = join(folder, 'node_modules', name);
    if (existsSync(join(candidate, 'package.json'))) return readPackage(candidate);
  }
  return undefined;
}

function refuse(sentence: string, hint: string): never {
  throw new WinnowError('PLUGIN_PEER', sentence, { hint });
}

/** Throws PLUGIN_PEER where a package is missing that the plugin asks for as a peer, or is of a version that it refuses. */
async function checkDeclared({ folder, manifest }: PackageFolder): Promise<void> {
  // Many files, for those alone who load a package.
  const { default: semver } = await import('semver');
  const { name, peerDependencies = {}, peerDependenciesMeta = {} } = manifest;
  for (const [peer, range] of Object.entries(peerDependencies)) {
    const found = installedPackage(peer, folder)?.manifest.version;
    if (found === undefined) {
      if (peerDependenciesMeta[peer]?.optional) continue;
      refuse(
        `Plugin package "${name}" needs ${peer} ${range} beside it, which is not installed.`,
        `Install it: cd ${folder} && npm i ${peer}`,
      );
    }
    if (semver.validRange(range) === null || semver.satisfies(found, range, PRERELEASES)) continue;
    refuse(
      `Plugin package "${name}" needs ${peer} ${range}, and finds ${found}.`,
      `Install a version of the plugin, or of ${peer}, that fits the other.`,
    );
  }
}

const PRERELEASES = { includePrerelease: true };

/**
 * Throws PLUGIN_PEER where the plugin would bring another TensorFlow.js. Two copies of one version are harmless: they keep
 * their engine, their kernels and gradients, and what a tensor is on `globalThis`, where the second finds the first's.
 */
function checkTensorFlow(entry: string): void {
  const theirs = installedPackage(TFJS, dirname(entry))?.manifest.version;
  const require = createRequire(fileURLToPath(import.meta.url));
  const { version: ours } = require(`${TFJS}/package.json`) as { version: string };
  if (theirs === undefined || theirs === ours) return;
  refuse(
    `The plugin ${entry} would compute with its own ${TFJS} ${theirs}; this Winnow runs on ${ours}.`,
    `Install the same one where the plugin is: npm i ${TFJS}@${ours}`,
  );
}

export async function checkPeers({ entry, owner }: PluginPlace): Promise<void> {
  if (owner?.manifest.peerDependencies) await checkDeclared(owner);
  checkTensorFlow(entry);
}
