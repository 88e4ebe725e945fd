import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';

export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly keywords: readonly string[];
  readonly sideEffects?: false | readonly string[];
  readonly engines: { readonly node: string };
  readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  readonly main?: string;
  readonly types?: string;
  readonly bin?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional: boolean }>>;
}

export interface UnpackedPackage {
  readonly manifest: Manifest;
  /** Where its files are. */
  readonly folder: string;
  /** With forward slashes, as the tarball has them. */
  readonly files: readonly string[];
  /** Of `folder` and of what the workspace has installed for it alone. */
  readonly room: string;
}

export function link(target: string, path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(target, path, 'junction');
}

/** What an installation must bring besides the package itself. */
export function needs({ dependencies, peerDependencies, ...manifest }: Manifest): string[] {
  const optional = manifest.peerDependenciesMeta ?? {};
  const peers = Object.keys(peerDependencies ?? {}).filter((name) => !optional[name]?.optional);
  return [...Object.keys(dependencies ?? {}), ...peers];
}

/**
 * Unpacks tarballs and lays them out as pnpm does: beside each package lies what it declares and nothing else, ours unpacked
 * and others' from the workspace at `root`.
 */
export function unpackPackages(tarballs: string, store: string, root: string): UnpackedPackage[] {
  const rooms = [...readdirSync(join(root, 'libs')).map((name) => join('libs', name)), 'apps/cli'];
  const packages = readdirSync(tarballs).map((tarball) => {
    const target = join(store, tarball.replace(/\.tgz$/, ''));
    mkdirSync(target, { recursive: true });
    execFileSync('tar', ['-xzf', join(tarballs, tarball), '-C', target]);
    const folder = join(target, 'package');
    const files = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
      .map((path) => path.replaceAll('\\', '/'));
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
    const room = rooms.find(
      (path) =>
        (JSON.parse(readFileSync(join(root, path, 'package.json'), 'utf8')) as Manifest).name ===
        manifest.name,
    )!;
    return { manifest, folder, files, room: join(root, room) };
  });
  const ours = new Map(packages.map((each) => [each.manifest.name, each.folder]));
  for (const { manifest, folder, room } of packages) {
    for (const name of needs(manifest)) {
      const own = join(room, 'node_modules', name);
      const others = existsSync(own) ? own : join(root, 'node_modules', name);
      link(ours.get(name) ?? others, join(folder, 'node_modules', name));
    }
  }
  return packages;
}
