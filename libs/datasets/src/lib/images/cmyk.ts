/** a · b / 255, rounded, as Pillow does it in whole numbers. */
function scaled(a: number, b: number): number {
  const product = a * b + 128;
  return ((product >> 8) + product) >> 8;
}

/** RGB bytes [n, 3] of CMYK bytes [n, 4], where 255 is all of an ink. The numbers of Pillow's `cmyk2rgb` (libImaging/Convert.c). */
export function fromCmyk(cmyk: Uint8Array): Uint8Array {
  const rgb = new Uint8Array((cmyk.length / 4) * 3);
  for (let from = 0, to = 0; from < cmyk.length; from += 4, to += 3) {
    const light = 255 - cmyk[from + 3]!;
    for (let ink = 0; ink < 3; ink++) rgb[to + ink] = light - scaled(cmyk[from + ink]!, light);
  }
  return rgb;
}
