import {
  type ComponentRegistry,
  type DatasetDescriptor,
  type GivenOptions,
  KINDS,
  type Objective,
  type OptionKind,
  WinnowError,
  optionFields,
} from '@winnow/plugin-api';
import { splitDatasetChoice } from './dataset-choice.ts';
import { flagOf } from './flag-of.ts';

interface Described {
  readonly kind: OptionKind;
  readonly name: string;
  readonly options: Parameters<typeof optionFields>[0];
}

/** Options given by name, of which each component takes those that its schema has. */
export class OptionPool {
  readonly #given: Record<string, unknown>;
  readonly #used = new Set<string>();
  readonly #takers: string[] = [];

  constructor(given: GivenOptions) {
    this.#given = { ...given };
  }

  /** Looks up NAME or NAME:VALUE, whose value becomes the option that the data set names. Throws UNKNOWN_NAME, INVALID_OPTION. */
  dataset(registry: ComponentRegistry, choice: string): DatasetDescriptor {
    const { name, argument } = splitDatasetChoice(choice);
    const descriptor = registry.get('dataset', name);
    if (argument === undefined) return descriptor;
    if (descriptor.argument === undefined) {
      throw new WinnowError(
        'INVALID_OPTION',
        `Data set "${name}" takes no argument ("${argument}").`,
        {
          hint: 'Leave it out.',
        },
      );
    }
    if (this.#given[descriptor.argument] !== undefined) {
      throw new WinnowError(
        'INVALID_OPTION',
        `"${choice}" sets "${descriptor.argument}", which is given too.`,
        {
          hint: 'Give it once.',
        },
      );
    }
    this.#given[descriptor.argument] = argument;
    return descriptor;
  }

  /** Those that the component has, as they were given. */
  take({ kind, name, options }: Described): GivenOptions {
    const own = new Set(optionFields(options).map((field) => field.name));
    const taken = Object.entries(this.#given).filter(([option]) => own.has(option));
    for (const [option] of taken) this.#used.add(option);
    this.#takers.push(`${KINDS[kind].title.toLowerCase()} "${name}"`);
    return Object.fromEntries(taken);
  }

  /** Looks up an objective, which takes its options. Throws UNKNOWN_NAME, INVALID_OPTION. */
  objective(registry: ComponentRegistry, name: string): Objective {
    const objective = registry.get('objective', name);
    return objective.configure(this.take(objective));
  }

  /** Throws OPTION_NOT_USED for an option that no component took. */
  assertAllTaken(): void {
    const unused = Object.keys(this.#given).find((option) => !this.#used.has(option));
    if (unused === undefined) return;
    const takers =
      this.#takers.length > 0 ? `None of ${this.#takers.join(', ')}` : 'Nothing chosen';
    throw new WinnowError('OPTION_NOT_USED', `${takers} has an option ${flagOf(unused)}.`, {
      hint: 'Leave it out, or choose what has it; --help tells.',
    });
  }
}
