// Imports, those of types too, make no circle among files or packages, none goes against the lists of rooms.mjs, and none
// goes past a package's entries into another's TypeScript:
//   node tools/check-imports.mjs [FOLDER]
// FOLDER is a workspace like this one, which is looked at if it is left out. Ends with 1 where something is wrong.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import ts from 'typescript';
import { apart, rooms } from './rooms.mjs';
import { root } from './set-up.mjs';

const MADE = new Set(['node_modules', 'dist', 'out-tsc', 'coverage', 'build', 'prebuilds', 'runs']);
const workspace = process.argv[2] ?? root;
const inWorkspace = (path) => join(workspace, path);

/** Where the packages are: folder, name, room, and the source file behind each of its entries. */
function readPackages() {
  const folders = ['libs', 'apps', 'examples']
    .filter((folder) => existsSync(inWorkspace(folder)))
    .flatMap((folder) => readdirSync(inWorkspace(folder)).map((name) => `${folder}/${name}`));
  return [...folders, 'tools']
    .filter((folder) => existsSync(inWorkspace(`${folder}/package.json`)))
    .map((folder) => {
      const about = JSON.parse(readFileSync(inWorkspace(`${folder}/package.json`), 'utf8'));
      const tag = about.nx?.tags?.find((tag) => tag.startsWith('room:'));
      const entries = new Map(
        Object.entries(about.exports ?? {}).map(([entry, to]) => [
          posix.join(about.name, entry),
          posix.join(folder, sourceOf(to.default ?? to)),
        ]),
      );
      return { folder, name: about.name, room: tag?.slice('room:'.length), entries };
    });
}

const sourceOf = (built) => built.replace(/^\.\/dist\/(.*)\.js$/, 'src/$1.ts');

function filesIn(folder) {
  return readdirSync(inWorkspace(folder), { withFileTypes: true }).flatMap((entry) => {
    if (entry.name.startsWith('.') || MADE.has(entry.name)) return [];
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return filesIn(path);
    return /\.[cm]?[jt]sx?$/.test(path) ? [path] : [];
  });
}

const packages = readPackages();
const packageOf = (path) => packages.find(({ folder }) => path.startsWith(`${folder}/`));
const entries = new Map(packages.flatMap((one) => [...one.entries]));
const entryFiles = new Set(entries.values());

/** The file that an import means; undefined for one from elsewhere. */
const target = (from, name) =>
  name.startsWith('.') ? posix.join(dirname(from), name) : entries.get(name);

const imports = new Map(
  packages
    .flatMap(({ folder }) => filesIn(folder))
    .map((path) => {
      const { importedFiles } = ts.preProcessFile(
        readFileSync(inWorkspace(path), 'utf8'),
        true,
        true,
      );
      const targets = importedFiles.map(({ fileName }) => target(path, fileName));
      return [path, [...new Set(targets.filter(Boolean))]];
    }),
);

/** Of every import from a package to another, the first file and what it imports. */
const crossings = new Map(packages.map(({ name }) => [name, new Map()]));
for (const [path, targets] of imports) {
  const from = packageOf(path).name;
  for (const to of targets) {
    const into = packageOf(to)?.name;
    if (into && into !== from && !crossings.get(from).has(into))
      crossings.get(from).set(into, [path, to]);
  }
}

/** Circles that touch each other are told of once: by the shortest through the first node. */
function circles(next) {
  const told = new Set();
  const found = [];
  for (const start of next.keys()) {
    const circle = wayBack(start, next);
    if (!circle || circle.some((node) => told.has(node))) continue;
    for (const node of circle) told.add(node);
    found.push(circle);
  }
  return found;
}

/** The shortest way from a node to itself, both ends named. */
function wayBack(start, next) {
  const cameFrom = new Map();
  const queue = [start];
  for (const node of queue) {
    for (const to of next.get(node) ?? []) {
      if (to === start) {
        const way = [start];
        for (let at = node; at !== undefined; at = cameFrom.get(at)) way.unshift(at);
        return way;
      }
      if (cameFrom.has(to)) continue;
      cameFrom.set(to, node);
      queue.push(to);
    }
  }
  return undefined;
}

const importing = ([path, to]) => `  ${path} imports ${to}`;
const problems = [
  ...circles(imports).map((circle) => `A circle of files:\n  ${circle.join('\n  → ')}`),
  ...circles(new Map([...crossings].map(([from, into]) => [from, [...into.keys()]]))).map(
    (circle) => {
      const steps = circle.slice(1).map((to, i) => crossings.get(circle[i]).get(to));
      return `A circle of packages, ${circle.join(' → ')}:\n${steps.map(importing).join('\n')}`;
    },
  ),
  ...packages
    .filter(({ room }) => !rooms.includes(room))
    .map(({ folder }) => `No room of the list is among the tags of ${folder}/package.json.`),
];
for (const [path, targets] of imports) {
  const { room } = packageOf(path);
  for (const to of targets) {
    const into = packageOf(to)?.room ?? room;
    if (rooms.indexOf(into) > rooms.indexOf(room))
      problems.push(`\`${into}\` stands below \`${room}\`:\n${importing([path, to])}`);
    const isOther = packageOf(to) && packageOf(to) !== packageOf(path);
    if (isOther && /\.tsx?$/.test(path) && !entryFiles.has(to))
      problems.push(`Not by an entry of ${packageOf(to).name}:\n${importing([path, to])}`);
  }
}

/** The shortest way from a file that starts with `from` to one that starts with `to`. */
function wayBetween(from, to) {
  const queue = [...imports.keys()].filter((path) => path.startsWith(from)).map((path) => [path]);
  const seen = new Set(queue.flat());
  for (const way of queue) {
    if (way.at(-1).startsWith(to)) return way;
    for (const next of imports.get(way.at(-1)) ?? []) {
      if (!seen.has(next)) queue.push([...way, next]);
      seen.add(next);
    }
  }
  return undefined;
}

for (const [from, to] of apart) {
  const way = wayBetween(from, to);
  if (way) problems.push(`${from} is to do without ${to}:\n  ${way.join('\n  → ')}`);
}

if (problems.length > 0) console.log(problems.join('\n'));
else
  console.log(`The imports of ${imports.size} files make no circle, and follow the list of rooms.`);
process.exit(problems.length > 0 ? 1 : 0);
