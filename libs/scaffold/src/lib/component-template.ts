/** What can be scaffolded; a backend is too much of its own for a template. */
export const SCAFFOLD_KINDS = ['objective', 'pruner', 'model', 'dataset'] as const;
export type ScaffoldKind = (typeof SCAFFOLD_KINDS)[number];

export interface ComponentNames {
  /** As the command line knows it: logit-match. */
  readonly name: string;
  /** As the source knows it: logitMatch. */
  readonly identifier: string;
}

/** A small component of one kind that works, and what goes with it. Every text is formatted as this workspace is. */
export interface ComponentTemplate {
  /** What the component does, after "this package adds …". */
  readonly about: string;
  /** Libraries that a package's component imports, besides @winnow/plugin-api. */
  readonly libraries: readonly string[];
  /** Whether its options are a zod schema. */
  readonly hasOptions: boolean;
  /** Libraries that the package's test alone imports, besides @winnow/testing. */
  readonly testLibraries: readonly string[];
  /** `winnow run` with it, after `--plugin .`. */
  flags(name: string): string;
  /** The component. `local` gives what a module of the component's own library is imported by. */
  component(names: ComponentNames, local?: (module: string) => string): string;
  /** The package's test: conformance and a number computed by hand, in node:test. */
  packageTest(names: ComponentNames): string;
  /** The same number in the clone's Jest, beside the component, where there is one. */
  numberSpec?(names: ComponentNames): string;
  /** The conformance checks in the clone's Jest, where @winnow/testing does not run them for every component. */
  conformanceSpec?(names: ComponentNames): string;
}
