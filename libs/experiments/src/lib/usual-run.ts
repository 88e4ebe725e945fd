/** What a run is where nobody says otherwise. */
export const USUAL_RUN = {
  method: 'cts',
  model: 'resnet20',
  seed: 0,
  start: 'rewind',
  recipe: 'standard',
  options: {},
} as const;
