/** The stops of the slider, from a tenth of the weights to a thousandth. */
export const DENSITIES = [
  ...[0.1, 0.08, 0.06, 0.05, 0.04, 0.03, 0.025, 0.02, 0.015, 0.012, 0.01],
  ...[0.0074, 0.006, 0.005, 0.004, 0.003, 0.0025, 0.002, 0.0015, 0.0012, 0.001],
] as const;

/** Of the quickstart: 243 of the ResNet-8's 97,552 weights. */
export const USUAL_DENSITY = 0.0025;
