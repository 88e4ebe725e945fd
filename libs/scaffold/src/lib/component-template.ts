/** What can be scaffolded; a backend is too much of its own for a template. */
export const SCAFFOLD_KINDS = ['objective', 'pruner', 'model', 'dataset'] as const;
export type ScaffoldKind = (typeof SCAFFOLD_KINDS)[number];

export interface ComponentNames {
  /** As the command line knows it: logit-match. */
  readonly name: string;
  /** As the source knows it: logitMatch. */
  readonly identifier: string;
  /** As its module exports it, where that is by another word. */
  readonly exported?: string;
}

/** A small component of one kind that works, and what goes with it. Every text is formatted as this workspace is. */
export interface ComponentTemplate {
  /** What the component does, after "this package adds …". */
  readonly about: string;
  /** Libraries that a package's component imports, besides @winnow/plugin-api. */
  readonly libraries: readonly string[];
  /** Libraries that the package's test alone imports, besides @winnow/testing. */
  readonly testLibraries: readonly string[];
  /** `winnow run` with it, after `--plugin .`. */
  flags(name: string): string;
  /** The component. `local` gives what a module of the component's own library is imported by. */
  component(names: ComponentNames, local?: (module: string) => string): string;
  /** What a test begins with that compares numbers by hand: its statements up to the comparison. */
  testCase(identifier: string): string;
  /** The package's test: conformance and a number computed by hand, in node:test. */
  packageTest(names: ComponentNames): string;
}
