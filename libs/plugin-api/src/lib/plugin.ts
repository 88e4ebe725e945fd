import type { Component } from './kinds.ts';

/** Raised only when an existing plugin would stop working. */
export const PLUGIN_API_VERSION = 1;

// A registered symbol, so that a plugin with its own copy of this package is still recognised.
const brand = Symbol.for('@winnow/plugin-api/plugin');

/** What a package offers to Winnow as its default export. */
export interface Plugin {
  readonly name: string;
  readonly apiVersion: number;
  readonly components: readonly Component[];
}

/** Marks a plugin, so that `--plugin` and `plugins:` know it. */
export function definePlugin(plugin: Omit<Plugin, 'apiVersion'>): Plugin {
  return Object.freeze({ ...plugin, apiVersion: PLUGIN_API_VERSION, [brand]: true });
}

/** Whether a value came from `definePlugin`, of whatever copy of this package. */
export function isPlugin(value: unknown): value is Plugin {
  return typeof value === 'object' && value !== null && brand in value;
}
