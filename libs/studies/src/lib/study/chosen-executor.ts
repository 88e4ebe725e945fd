import {
  type ComponentRegistry,
  type Executor,
  type GivenOptions,
  optionFields,
  optionIssues,
  parseOptions,
  suggestName,
  toldIssues,
} from '@winnow/plugin-api';
import { spelt } from './run-settings.ts';
import type { Study } from './study-file.ts';
import { badStudy } from './study-place.ts';

/** What carries a study out, and how. */
export interface ChosenExecutor {
  readonly executor: Executor;
  readonly options: GivenOptions;
}

const USUAL = 'local';

/**
 * The executor of this name, or else the one of the study, with the study's options where it is that, and over them those
 * given. Throws BAD_STUDY, UNKNOWN_NAME, INVALID_OPTION.
 */
export function chosenExecutor(
  { executor: said = USUAL, place }: Study,
  registry: ComponentRegistry,
  name: string | undefined,
  given: GivenOptions,
): ChosenExecutor {
  const { name: own, ...ofStudy } = typeof said === 'string' ? { name: said } : said;
  const known = registry.names('executor');
  if (!known.includes(own))
    throw badStudy(place, ['executor'], `there is no executor "${own}"`, suggestName(own, known));
  const executor = registry.get('executor', name ?? own);
  const fields = optionFields(executor.options).map((field) => field.name);
  const options: Record<string, unknown> = {};
  for (const [key, value] of executor.name === own ? Object.entries(ofStudy) : []) {
    const field = fields.find((one) => one === key || spelt(one) === key);
    if (field === undefined) {
      const problem = `executor "${own}" has no option "${key}"`;
      throw badStudy(place, ['executor', key], problem, suggestName(key, fields.map(spelt)));
    }
    options[field] = value;
  }
  Object.assign(options, given);
  try {
    parseOptions(executor.options, options, `executor "${executor.name}"`);
  } catch (error) {
    const [issue] = optionIssues(error);
    const option = String(issue?.path[0]);
    const key = Object.keys(ofStudy).find((one) => one === option || one === spelt(option));
    // Of what the command line gave the file knows nothing.
    if (!issue || key === undefined || option in given) throw error;
    const at = ['executor', key];
    throw badStudy(
      place,
      at,
      toldIssues([issue], () => `"${key}"`),
      'Mend the line.',
    );
  }
  return { executor, options };
}
