// Tells under which licences all stands that npm has installed in a folder, and fails where one is not known to go with ours:
//   node tools/check-licences.mjs FOLDER
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Those that ask for no more than their text. */
const PERMISSIVE = new Set([
  ...['0BSD', 'Apache-2.0', 'BlueOak-1.0.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT'],
  'Unlicense',
]);
/** What package.json does not say in terms of SPDX, as read in the packages' own licence files. */
const READ = [
  { name: /^png-js$/, licence: 'MIT' },
  { name: /^h5wasm$/, licence: "NIST's public service licence, and HDF5's of BSD" },
  { name: /^dejavu-fonts-ttf$/, licence: 'Bitstream Vera' },
];
/** Licences that bind who changes the package, which we do not: each is a package of its own, installed as it is. */
const UNCHANGED = [
  { name: /^@img\/sharp-(libvips-|win32-)/, licence: 'LGPL-3.0-or-later' },
  { name: /^@resvg\/resvg-js/, licence: 'MPL-2.0' },
  { name: /^@expo-google-fonts\//, licence: 'OFL-1.1' },
];

const [folder] = process.argv.slice(2);
if (!folder || !existsSync(join(folder, 'node_modules'))) {
  console.error('Give a folder in which npm has installed packages.');
  process.exit(1);
}

/** The packages in `node_modules` of a folder and of those within, by where they are. */
function* installed(place) {
  const modules = join(place, 'node_modules');
  if (!existsSync(modules)) return;
  for (const entry of readdirSync(modules)) {
    if (entry.startsWith('.')) continue;
    const names = entry.startsWith('@')
      ? readdirSync(join(modules, entry)).map((name) => `${entry}/${name}`)
      : [entry];
    for (const name of names) {
      yield { name, path: join(modules, name) };
      yield* installed(join(modules, name));
    }
  }
}

function licenceOf({ name, path }) {
  const read = READ.find((one) => one.name.test(name));
  if (read) return read.licence;
  const { license, licenses = [] } = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'));
  return license ?? licenses.map(({ type }) => type).join(' OR ');
}

/** SPDX's terms, without brackets within brackets. */
function isFine(name, licence) {
  if (READ.some((one) => one.name.test(name))) return true;
  const allowed = (term) =>
    PERMISSIVE.has(term) || UNCHANGED.some((one) => one.name.test(name) && one.licence === term);
  return licence
    .replace(/[()]/g, '')
    .split(' OR ')
    .some((choice) => choice.split(' AND ').every(allowed));
}

const byLicence = new Map();
const refused = [];
for (const one of installed(folder)) {
  const licence = licenceOf(one);
  byLicence.set(licence, [...(byLicence.get(licence) ?? []), one.name]);
  if (!isFine(one.name, licence)) refused.push(`${one.name}: ${licence || 'none'}`);
  const ours = one.name.startsWith('@winnow/');
  if (ours && !existsSync(join(one.path, 'LICENSE'))) refused.push(`${one.name} has no LICENSE`);
}
for (const [licence, names] of [...byLicence].sort(([, a], [, b]) => b.length - a.length)) {
  const few = names.length <= 12 ? `: ${names.join(', ')}` : '';
  console.log(`${String(names.length).padStart(4)}  ${licence}${few}`);
}
if (refused.length > 0) {
  console.error(`Look at these before they are shipped:\n  ${refused.join('\n  ')}`);
  process.exit(1);
}
