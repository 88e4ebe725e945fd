import { DRAWS_PER_IMAGE } from '@winnow/plugin-api';

/** The authors' (arXiv 2512.07142): the crop's share of the image's area, and its width over its height. */
const AREA = [0.1, 1] as const;
const RATIO = [0.8, 1.25] as const;

/** The first three draws are for the flip and the place. */
const PLACE_DRAWS = 3;
const ATTEMPTS = Math.floor((DRAWS_PER_IMAGE - PLACE_DRAWS) / 2);

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** In pixels. */
export interface Box extends Size {
  readonly left: number;
  readonly top: number;
}

/**
 * A random box of an image: area uniform between 10 % and 100 % of it, ratio log-uniform between 4:5 and 5:4, drawn again
 * while it does not fit, as in torchvision's RandomResizedCrop; after ten attempts the largest box in the middle whose
 * ratio is allowed.
 */
export function randomCrop({ width, height }: Size, draws: Float32Array): Box {
  const [, vertical = 0, horizontal = 0] = draws;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const [share, shape] = draws.subarray(PLACE_DRAWS + 2 * attempt) as unknown as [number, number];
    const area = width * height * (AREA[0] + (AREA[1] - AREA[0]) * share);
    const ratio = RATIO[0] * (RATIO[1] / RATIO[0]) ** shape;
    const box = {
      width: Math.round(Math.sqrt(area * ratio)),
      height: Math.round(Math.sqrt(area / ratio)),
    };
    if (box.width < 1 || box.height < 1 || box.width > width || box.height > height) continue;
    return {
      ...box,
      left: Math.floor(horizontal * (width - box.width + 1)),
      top: Math.floor(vertical * (height - box.height + 1)),
    };
  }
  const box = {
    width: Math.max(1, Math.min(width, Math.round(height * RATIO[1]))),
    height: Math.max(1, Math.min(height, Math.round(width / RATIO[0]))),
  };
  return {
    ...box,
    left: Math.floor((width - box.width) / 2),
    top: Math.floor((height - box.height) / 2),
  };
}
