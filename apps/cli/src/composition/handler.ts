import type { ServiceIdentifier } from 'inversify';

/** What something is made of, and how: the container gives `make` what `needs` names, in that order. */
export interface Handler<T> {
  readonly needs: readonly ServiceIdentifier[];
  make(needed: readonly unknown[]): T;
}

/** A handler, whose needs have the types of their tokens. */
export function handler<Needs extends readonly unknown[], T>(
  needs: { readonly [I in keyof Needs]: ServiceIdentifier<Needs[I]> },
  make: (...needed: Needs) => T,
): Handler<T> {
  return { needs, make: (needed) => make(...(needed as Needs)) };
}
