/** Throws RangeError where a vector of `size` numbers is to take over more or fewer. */
export function assertSize(size: number, given: number): void {
  if (given === size) return;
  throw new RangeError(`A vector of ${size} numbers is given ${given}.`);
}
