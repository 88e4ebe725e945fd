/** How the command line spells an option of a component, or of a run: `--search-epochs`. */
export const flagOf = (name: string) =>
  `--${name.replace(/(?<=.)[A-Z]/g, '-$&').replace(/[\s|,=<>[\]]+/g, '-')}`.toLowerCase();
