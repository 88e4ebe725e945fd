/** Names in an error the plugin that a component, or a network of it, comes from; nothing for what is built in. */
export function ofPlugin({ plugin }: { readonly plugin?: string }): string {
  return plugin === undefined ? '' : ` of plugin "${plugin}"`;
}
