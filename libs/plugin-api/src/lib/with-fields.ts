/**
 * An object that is as another one but for the fields given. Everything else is read from the other one when it is asked
 * for, with its own `this`, so that instances of classes and frozen objects will do.
 */
export function withFields<T extends object>(target: T, fields: Partial<T>): T {
  const result: object = {};
  const names = new Set<string | symbol>();
  for (let o: object = target; o && o !== Object.prototype; o = Object.getPrototypeOf(o) as object)
    for (const name of Reflect.ownKeys(o)) if (name !== 'constructor') names.add(name);
  for (const name of names) {
    const get = () => {
      const value: unknown = Reflect.get(target, name);
      // Bound, it keeps what is said of it.
      return typeof value === 'function'
        ? Object.assign(value.bind(target) as object, value)
        : value;
    };
    Object.defineProperty(result, name, { get, enumerable: true, configurable: true });
  }
  for (const [name, value] of Object.entries(fields))
    Object.defineProperty(result, name, { value, enumerable: true, configurable: true });
  return result as T;
}
