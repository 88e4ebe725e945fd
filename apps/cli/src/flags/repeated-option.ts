import { Option } from 'commander';

/** Takes one value a flag, commas and all, and several by repetition; a configuration file gives it a list. */
export class RepeatedOption<T> extends Option {
  readonly #parse: (text: string) => T;
  readonly #gather: (values: readonly T[]) => unknown;

  constructor(
    flags: string,
    description: string,
    parse: (text: string) => T,
    gather: (values: readonly T[]) => unknown = (values) => values,
  ) {
    super(flags, `${description}; may be repeated`);
    this.#parse = parse;
    this.#gather = gather;
    // Not what the option had before, which a configuration file may have given.
    let given: readonly T[] = [];
    this.argParser((text) => gather((given = [...given, parse(text)])));
  }

  parseAll(texts: readonly string[]): unknown {
    return this.#gather(texts.map(this.#parse));
  }
}
