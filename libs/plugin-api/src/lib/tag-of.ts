/** What a built-in object is, such as `Map` or `Float32Array`, in whatever realm it was made. */
export function tagOf(value: unknown): string {
  return Object.prototype.toString.call(value).slice('[object '.length, -1);
}
