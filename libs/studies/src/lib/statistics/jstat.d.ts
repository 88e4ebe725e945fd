/** The part of jStat that is used here; it brings no types. */
declare module 'jstat' {
  const jstat: {
    readonly jStat: {
      readonly studentt: {
        cdf(t: number, degreesOfFreedom: number): number;
        inv(probability: number, degreesOfFreedom: number): number;
      };
    };
  };
  export default jstat;
}
