/** A class or function that a pickle names. */
export class Named {
  readonly module: string;
  readonly name: string;

  constructor(module: string, name: string) {
    this.module = module;
    this.name = name;
  }

  toString(): string {
    return `${this.module}.${this.name}`;
  }
}

/** What Python would make by a call. Nothing is called here, and what would be put into it afterwards is dropped. */
export class Made {
  readonly by: unknown;
  readonly args: unknown;

  constructor(by: unknown, args: unknown) {
    this.by = by;
    this.args = args;
  }
}

/** What lies outside of the pickle, by its persistent id. */
export class Outside {
  readonly id: unknown;

  constructor(id: unknown) {
    this.id = id;
  }
}
