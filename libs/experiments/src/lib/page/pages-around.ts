import type { PageLink } from '@winnow/report';
import type { RunStore } from '../store/run-store.ts';

const PAGE = 'report.html';

const lastPart = (place: string) =>
  place
    .split(/[/\\]/)
    .filter((part) => part !== '' && part !== '.')
    .at(-1);

/** Pages of what a run is one of, nearest first, and of its sanity checks: those that are there, relative to its own. */
export async function pagesAround(store: RunStore): Promise<PageLink[]> {
  const links: PageLink[] = [];
  for (const up of ['..', '../..']) {
    const around = store.at(up);
    const name = lastPart(around.place()) ?? 'these runs';
    if (await around.has(PAGE)) links.push({ text: `Report on ${name}`, href: `${up}/${PAGE}` });
  }
  if (await store.has(`checks/${PAGE}`))
    links.push({ text: 'Sanity checks', href: `checks/${PAGE}` });
  return links;
}
