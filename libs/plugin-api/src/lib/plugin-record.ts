/** What a run keeps of a plugin, and what tells whether it is the same one later. */
export interface PluginRecord {
  readonly name: string;
  /** The file that was imported, as an absolute path: found from every folder of this machine. */
  readonly specifier: string;
  /** Of the package whose entry that file is; a lone file has none. */
  readonly version?: string;
  /** SHA-256 (hex) of its code: of the file and of those that it reaches by relative imports, packages left out. */
  readonly sha256: string;
}
