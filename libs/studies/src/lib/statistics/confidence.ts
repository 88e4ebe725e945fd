import jstat from 'jstat';

/** Of every interval that is told. */
const CONFIDENCE = 0.95;

/** How many standard errors an interval of Student's t reaches to each side. */
export function confidentReach(degreesOfFreedom: number): number {
  return jstat.jStat.studentt.inv((1 + CONFIDENCE) / 2, degreesOfFreedom);
}
