import {
  COMPONENT_KINDS,
  COMPONENT_NAME,
  type Component,
  type ComponentKind,
  DENSE,
  KINDS,
  NEEDS,
  WinnowError,
  isComponentName,
  isExportPlace,
  optionFields,
  suggestName,
} from '@winnow/plugin-api';

function checkOptions(options: unknown, title: string): void {
  // Schemas are read by their structure, so that a second copy of zod 4 is as good.
  if (typeof options !== 'object' || options === null || !('_zod' in options)) {
    const older = typeof options === 'object' && options !== null && '_def' in options;
    throw new WinnowError(
      older ? 'PLUGIN_PEER' : 'PLUGIN_LOAD',
      `The options of ${title} are ${older ? 'a schema of zod 3' : 'no zod schema'}.`,
      { hint: 'Make them with z.strictObject({ … }) of zod 4.' },
    );
  }
  try {
    optionFields(options as Parameters<typeof optionFields>[0]);
  } catch (cause) {
    throw new WinnowError(
      'PLUGIN_LOAD',
      `The options of ${title} cannot be read (${(cause as Error).message}).`,
      { hint: 'Make them with z.strictObject({ … }) of zod 4.', cause },
    );
  }
}

function checkNames(names: unknown, field: string, known: readonly string[], title: string): void {
  const wrong = (problem: string, hint: string) =>
    new WinnowError('PLUGIN_LOAD', `The ${title} has ${problem}.`, { hint });
  if (!Array.isArray(names))
    throw wrong(`no list "${field}"`, `Known: ${known.join(', ') || 'none'}.`);
  const stray = names.map(String).find((name) => !known.includes(name));
  if (stray !== undefined) throw wrong(`"${stray}" among its ${field}`, suggestName(stray, known));
}

function checkPlace(place: string, title: string): void {
  if (isExportPlace(place)) return;
  throw new WinnowError('PLUGIN_LOAD', `The ${title} has the place "${place}".`, {
    hint: 'Give it one in export/, such as export/model.bin.',
  });
}

/** Names go into paths, flags, tables and pictures; and a pruner that is called as no pruning is would never be asked. */
function checkName(name: string, kind: ComponentKind, place: string): void {
  const reserved = kind === 'pruner' && name === DENSE;
  if (isComponentName(name) && !reserved) return;
  // Whoever writes a name of a thousand letters shall not fill the screen with it.
  const shown = name.length > 60 ? `${name.slice(0, 60)}…` : name;
  throw new WinnowError('BAD_NAME', `${place} cannot have the name "${shown}".`, {
    hint: reserved ? 'It means training without pruning: give another one.' : COMPONENT_NAME,
  });
}

/**
 * The component, if it is one. Throws PLUGIN_LOAD naming what is wrong with it; BAD_NAME; PLUGIN_PEER for options of
 * another zod.
 */
export function checkComponent(component: unknown, plugin: string, index: number): Component {
  const wrong = (problem: string): never => {
    throw new WinnowError('PLUGIN_LOAD', problem, {
      hint: 'Make each component with its define function of @winnow/plugin-api.',
    });
  };
  const place = `Component ${index} of plugin "${plugin}"`;
  if (typeof component !== 'object' || component === null) return wrong(`${place} is no object.`);
  const fields = component as Readonly<Record<string, unknown>>;
  const kind = COMPONENT_KINDS.find((known) => known === fields['kind']);
  if (!kind) {
    return wrong(
      `${place} is of kind "${String(fields['kind'])}"; there are ${COMPONENT_KINDS.join(', ')}.`,
    );
  }
  if (typeof fields['name'] !== 'string' || fields['name'] === '')
    return wrong(`${place}, of kind ${kind}, has no name.`);
  checkName(fields['name'], kind, `${place}, of kind ${kind},`);
  const title = `${kind} "${fields['name']}" of plugin "${plugin}"`;
  if (typeof fields['summary'] !== 'string') wrong(`The ${title} has no summary.`);
  for (const [name, type] of KINDS[kind].fields) {
    const value = fields[name];
    if (typeof value !== type || value === null || Number.isNaN(value))
      wrong(`The ${title} has no ${type} "${name}".`);
  }
  if (KINDS[kind].hasOptions) checkOptions(fields['options'], title);
  if (kind === 'objective' || kind === 'pruner') checkNames(fields['needs'], 'needs', NEEDS, title);
  const checked = component as Component;
  if (checked.kind === 'dataset' && checked.places !== undefined) {
    const known = optionFields(checked.options).map(({ name }) => name);
    checkNames(checked.places, 'places', known, title);
  }
  if (checked.kind === 'exporter') checkPlace(checked.place, title);
  return checked;
}
