/** Names for the activations of one forward pass, each given once. */
export class ActivationNames {
  readonly #given = new Set<string>();

  /** The name itself, or `NAME.2`, `NAME.3` … where it was given before. */
  unique(name: string): string {
    let unique = name;
    for (let n = 2; this.#given.has(unique); n++) unique = `${name}.${n}`;
    this.#given.add(unique);
    return unique;
  }
}
