/** Bytes on both sides of a tensor that no call may change. */
const GUARD = 64;
const GUARD_BYTE = 0xa5;
/** More than a call of a fuzzer shall be given. */
const MOST_BYTES = 1 << 20;

const ARRAYS = { Uint8Array, Uint32Array, Float32Array, Float64Array };
const SPECIAL = [NaN, Infinity, -Infinity, 0, -0, 3e38, 1e-40, 2 ** 31, -(2 ** 31) - 1000];

/** The type of a tensor's items, which its signature does not tell. */
function arrayOf(name, key, values, choices) {
  const types = [Float32Array, Int32Array, Uint8Array];
  const typeOf = (choice) => types[['Float32', 'Int32', 'Bool'].indexOf(choices.Type[choice])];
  if (key === 'moments') return Float64Array;
  if (key === 'indices') return Int32Array;
  if (key === 'condition') return Uint8Array;
  if (key === 'y' && name === 'compare') return Uint8Array;
  if (key === 'y' && name === 'argExtremum') return Int32Array;
  if (name === 'cast') return typeOf(key === 'x' ? values.from : values.to);
  return 'type' in values ? typeOf(values.type) : Float32Array;
}

/** Memory for calls: what they need is learnt from what they refuse. */
export class Memory {
  #engine;
  #random;
  #empty;
  #handles = [];
  #stale;

  constructor(engine, random) {
    this.#engine = engine;
    this.#random = random;
    this.#empty = engine.allocate(0);
    this.#stale = engine.allocate(8);
    engine.release(this.#stale);
  }

  #keep(handle) {
    this.#handles.push(handle);
    return handle;
  }

  released = () => this.#stale;
  view = (handle, offset, bytes) => this.#keep(this.#engine.view(handle, offset, bytes));
  /** A tensor that begins at an odd byte. */
  between = (bytes) => this.view(this.#keep(this.#engine.allocate(bytes + 1)), 1, bytes);

  releaseAll() {
    for (const handle of this.#handles.splice(0)) this.#engine.release(handle);
  }

  #numbers(ArrayType, length, { most, special }) {
    const random = this.#random;
    const ones = ArrayType === Uint8Array ? random.of([0, 0.1, 0.5, 0.9, 1]) : 0;
    return ArrayType.from({ length }, () => {
      if (ArrayType === Uint8Array) return Number(random.chance(ones));
      if (ArrayType === Int32Array && most !== undefined)
        return random.chance(0.002)
          ? random.of([-1, most, 2 ** 31 - 1, -(2 ** 31)])
          : random.below(most);
      if (special && random.chance(0.1)) return random.of(SPECIAL);
      return ArrayType === Uint32Array ? 0 : random.between(-16, 16) / 4;
    });
  }

  /** A tensor of so many bytes, with guards on both sides or without a byte to spare. */
  #tensor(bytes, ArrayType, how) {
    const engine = this.#engine;
    const item = ArrayType.BYTES_PER_ELEMENT;
    const guarded = this.#random.chance(0.5);
    const whole = this.#keep(engine.allocate(bytes + (guarded ? 2 * GUARD : 0)));
    const handle = guarded ? this.view(whole, GUARD, bytes) : whole;
    if (guarded) engine.write(whole, new Uint8Array(bytes + 2 * GUARD).fill(GUARD_BYTE));
    const before = this.#numbers(ArrayType, Math.ceil(bytes / item), how);
    engine.write(handle, new Uint8Array(before.buffer, 0, bytes));
    const now = () => {
      const after = new ArrayType(before.length);
      engine.read(handle, new Uint8Array(after.buffer, 0, bytes));
      return after;
    };
    const intact = () => {
      if (!guarded) return true;
      const all = new Uint8Array(bytes + 2 * GUARD);
      engine.read(whole, all);
      return [...all.subarray(0, GUARD), ...all.subarray(GUARD + bytes)].every(
        (byte) => byte === GUARD_BYTE,
      );
    };
    return { argument: handle, right: { handle, bytes, item }, before, now, intact };
  }

  #array(kind, length, how) {
    const argument = this.#numbers(ARRAYS[kind], length, how);
    const before = argument.slice();
    return { argument, right: argument, before, now: () => argument, intact: () => true };
  }

  /**
   * Calls with memory for all that it is refused for. Returns what the call `returned` or the `error` of its refusal, and
   * the memory by name.
   */
  call(name, signature, values, choices, { special = false } = {}) {
    const memory = {};
    const most = values.limit ?? values.depth;
    const how = { most, special };
    for (const [key, kind] of Object.entries(signature)) {
      if (kind.endsWith('?') && this.#random.chance(0.5)) continue;
      if (kind.startsWith('tensor')) memory[key] = { argument: this.#empty };
      else if (kind.replace('?', '') in ARRAYS)
        memory[key] = this.#array(kind.replace('?', ''), 0, how);
    }
    const given = () =>
      Object.keys(signature).map((key) => (key in memory ? memory[key].argument : values[key]));
    for (;;) {
      try {
        const returned = this.#engine.calls[name](...given());
        return { returned, memory, given: given() };
      } catch (error) {
        const [, tensor, bytes] = /, (\w+) has \d+ bytes where (\d+) are/.exec(error.message) ?? [];
        const [, array, kind, length] =
          /, (\w+) is not a (\w+Array) of (\d+) items/.exec(error.message) ?? [];
        if (!(bytes <= MOST_BYTES || length * 8 <= MOST_BYTES))
          return { error, memory, given: given() };
        if (tensor)
          memory[tensor] = this.#tensor(Number(bytes), arrayOf(name, tensor, values, choices), how);
        else memory[array] = this.#array(kind, Number(length), how);
      }
    }
  }
}
