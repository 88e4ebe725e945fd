/** Ten digits as strokes in a field of 1 × 1: points, joined by lines. */
const arc = (x, y, rx, ry, from, to) =>
  Array.from({ length: 25 }, (_, i) => {
    const t = (Math.PI / 180) * (from + ((to - from) * i) / 24);
    return [x + rx * Math.cos(t), y + ry * Math.sin(t)];
  });

export const STROKES = [
  [arc(0.5, 0.5, 0.22, 0.35, -90, 270)],
  [
    [
      [0.38, 0.28],
      [0.52, 0.15],
      [0.52, 0.85],
    ],
  ],
  [[...arc(0.5, 0.33, 0.2, 0.18, -170, 30), [0.3, 0.83], [0.74, 0.83]]],
  [[...arc(0.48, 0.32, 0.2, 0.17, -150, 90), ...arc(0.48, 0.67, 0.23, 0.18, -90, 150)]],
  [
    [
      [0.58, 0.15],
      [0.28, 0.6],
      [0.75, 0.6],
    ],
    [
      [0.6, 0.4],
      [0.58, 0.87],
    ],
  ],
  [[[0.7, 0.16], [0.36, 0.16], [0.33, 0.45], ...arc(0.48, 0.63, 0.23, 0.22, -120, 140)]],
  [[[0.62, 0.14], [0.4, 0.4], ...arc(0.5, 0.66, 0.19, 0.2, 180, -180)]],
  [
    [
      [0.28, 0.17],
      [0.72, 0.17],
      [0.45, 0.86],
    ],
    [
      [0.36, 0.52],
      [0.66, 0.52],
    ],
  ],
  [[...arc(0.5, 0.32, 0.16, 0.17, 90, -270), ...arc(0.5, 0.68, 0.2, 0.18, -90, 270)]],
  [[...arc(0.48, 0.33, 0.18, 0.18, 0, -360), [0.66, 0.33], [0.63, 0.6], [0.52, 0.86]]],
];

const LEAST_RIGHT = 6;

/** Draws a digit in the page's field with the pointer. */
async function draw({ page }, strokes) {
  await page.getByRole('button', { name: 'Clear' }).click();
  const box = await page.locator('.pad').boundingBox();
  const at = ([x, y]) => [box.x + x * box.width, box.y + y * box.height];
  for (const [first, ...rest] of strokes) {
    await page.mouse.move(...at(first));
    await page.mouse.down();
    for (const point of rest) await page.mouse.move(...at(point));
    await page.mouse.up();
  }
}

/** What both networks take ten drawn digits for, after a short search. */
export async function checkDrawing(page) {
  await page.load();
  await page.page.locator('#method').selectOption('magnitude');
  await page.setDensity(0);
  await page.page.locator('#budget').fill('5');
  await page.search();
  await page.page.locator('.pad').scrollIntoViewIfNeeded();
  const said = [];
  for (const [digit, strokes] of STROKES.entries()) {
    await draw(page, strokes);
    const verdict = page.page.locator('.try p');
    await verdict.filter({ hasText: 'The whole network says' }).waitFor();
    // Every stroke asks anew: until the last answer has come.
    await page.page.waitForTimeout(300);
    const [, dense, ticket] = /says (\d), the ticket (\d)/.exec(await verdict.textContent());
    said.push({ digit, dense: Number(dense), ticket: Number(ticket) });
  }
  const right = (side) => said.filter((one) => one[side] === one.digit).length;
  console.log(
    `  drawn 0 to 9, the whole network says ${said.map(({ dense }) => dense).join(' ')}: ${right('dense')} right, the ticket ${right('ticket')}`,
  );
  return right('dense') < LEAST_RIGHT ? [`fewer than ${LEAST_RIGHT} of ten are read rightly`] : [];
}
