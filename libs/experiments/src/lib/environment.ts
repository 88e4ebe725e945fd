/** What made numbers of a run: its backend, the instruction set of the native engine, and versions by name. */
export type Environment = Readonly<Record<string, string>>;
