declare module 'virtual:objective-types' {
  /** Declaration files by their path in the editor; see build/objective-types.ts. */
  const types: Readonly<Record<string, string>>;
  export default types;
}
