import { CORPUS } from './corpus.mjs';
import { given, goFar } from './given.mjs';
import { Memory } from './memory.mjs';
import { OUTCOMES, difference } from './outcomes.mjs';
import { PROGRAM_CALLS, fuzzProgram } from './programs.mjs';
import { Random } from './random.mjs';
import { wrong } from './wrong.mjs';

/** A call of sizes such as these is over in an instant; what takes so long goes on for ever. */
const MOST_SECONDS = 20;
/** Of a size that plain loops go over. */
const MOST_LOOPS = 1e5;
/** Calls after which threads and instruction set change. */
const SETTING = 100;

const same = (a, b) => Buffer.compare(bytesOf(a), bytesOf(b)) === 0;
const bytesOf = (array) => Buffer.from(array.buffer, array.byteOffset, array.byteLength);

function written(value) {
  if (ArrayBuffer.isView(value)) {
    const items = value.length > 0 ? value.subarray(0, 8) : [];
    return `${value.constructor.name}(${value.length})[${items}]`;
  }
  return typeof value === 'object' || typeof value === 'function'
    ? JSON.stringify(value)
    : String(value);
}

/** Makes calls, and counts what came of them. */
export class Fuzzer {
  told = { calls: 0, done: 0, compared: 0, refused: 0, faults: [] };
  #engine;
  #random;
  #memory;
  #trace;
  #choices;
  #names;

  constructor(engine, seed, trace) {
    this.#engine = engine;
    this.#random = new Random(seed);
    this.#memory = new Memory(engine, this.#random);
    this.#trace = trace;
    this.#choices = Object.fromEntries(
      Object.entries(engine.choices).map(([name, values]) => [name, values.split(', ')]),
    );
    this.#names = Object.keys(engine.calls);
    for (const name of this.#names) {
      if (!(name in OUTCOMES)) this.#fault(name, [], 'has no entry in outcomes.mjs');
    }
    for (const { name, values } of CORPUS) this.#try(name, values);
  }

  #fault(name, values, why) {
    this.told.faults.push(`${name}(${values.map(written).join(', ')}): ${why}`);
  }

  step() {
    const random = this.#random;
    if (this.told.calls % SETTING === 0) {
      this.#engine.setThreads(random.between(1, 4));
      this.#engine.setInstructions(random.of(this.#engine.availableInstructions()));
    }
    const name = random.of(this.#names);
    // Alone, most would name no program.
    if (PROGRAM_CALLS.has(name) && random.chance(0.8)) return this.#program();
    const { returns: _, ...signature } = this.#engine.signatures[name];
    const values = given(random, name, signature, this.#choices);
    if (random.chance(0.15)) goFar(random, values, signature);
    this.#try(name, values);
  }

  #program() {
    const { signatures } = this.#engine;
    const call = (name, values) => this.#try(name, values);
    fuzzProgram(this.#random, call, { signatures, choices: this.#choices });
  }

  /** Returns what the call does, or undefined where it is refused. */
  #try(name, values) {
    const { returns: _, ...signature } = this.#engine.signatures[name];
    this.#trace?.(`${name} ${JSON.stringify(values)}`);
    const begun = performance.now();
    const special = OUTCOMES[name]?.special && this.#random.chance(0.3);
    const outcome = this.#memory.call(name, signature, values, this.#choices, { special });
    const seconds = (performance.now() - begun) / 1000;
    this.told.calls++;
    const fault = (why) => this.#fault(name, outcome.given, why);
    if (seconds > MOST_SECONDS) fault(`took ${seconds.toFixed()} s`);
    if (outcome.error) {
      this.told.refused++;
      const told = outcome.error.message;
      if (!told.startsWith(`In a call of the engine's ${name}, `)) fault(`says ${told}`);
      this.#unchanged(outcome, [], fault);
    } else {
      this.told.done++;
      this.#unchanged(outcome, OUTCOMES[name].written, fault);
      this.#compare(name, values, outcome, fault);
      this.#spoil(name, signature, outcome, fault);
    }
    this.#memory.releaseAll();
    return outcome.returned;
  }

  #unchanged({ memory }, written, fault) {
    for (const [key, { before, now, intact }] of Object.entries(memory)) {
      if (!before) continue;
      if (!intact()) fault(`wrote beyond ${key}`);
      if (!written.includes(key) && !same(before, now())) fault(`changed ${key}`);
    }
  }

  #compare(name, values, { memory }, fault) {
    const { expected, together } = OUTCOMES[name];
    const before = Object.fromEntries(
      Object.entries(memory).map(([key, it]) => [key, it.before ?? new Float32Array(0)]),
    );
    const short = Object.values(values).every(
      (it) => !(Math.max(...(it.length ? it : [it])) > MOST_LOOPS),
    );
    const wanted = short && expected?.(values, before, this.#choices);
    if (!wanted) return;
    this.told.compared++;
    for (const [key, numbers] of Object.entries(wanted)) {
      const different = difference(memory[key].now?.() ?? [], numbers, together);
      if (different) fault(`${key}${different}`);
    }
  }

  /** The same call with one argument that cannot be taken. */
  #spoil(name, signature, { memory, given }, fault) {
    const random = this.#random;
    const keys = Object.keys(signature);
    const at = random.below(keys.length);
    const key = keys[at];
    const spoilt = [...given];
    let named = [key];
    const shared = random.chance(0.3) && this.#sharedWith(name, key, memory);
    if (shared) {
      spoilt[at] = memory[shared].argument;
      named = [key, shared];
    } else {
      const right =
        memory[key]?.right ?? (memory[key] ? { handle: given[at], bytes: 0 } : given[at]);
      if (right === undefined) return;
      spoilt[at] = wrong(random, signature[key], right, this.#choices, this.#memory);
    }
    this.#trace?.(`${name} spoilt ${key} ${written(spoilt[at])}`);
    const before = Object.values(memory).map((it) => it.now?.().slice());
    let told;
    try {
      this.#engine.calls[name](...spoilt);
    } catch (error) {
      told = error.message;
    }
    this.told.calls++;
    this.told.refused++;
    const begins = named.some((it) =>
      told?.startsWith(`In a call of the engine's ${name}, ${it} `),
    );
    if (!begins) fault(`with ${written(spoilt[at])} for ${named} says ${told}`);
    Object.values(memory).forEach((it, i) => {
      if (it.now && !same(it.now(), before[i])) fault(`with a wrong ${key} wrote memory`);
    });
  }

  /** Another argument whose memory is large enough for `key`, where one of both is written. */
  #sharedWith(name, key, memory) {
    const large = Object.keys(memory).filter((it) => memory[it].before?.length > 0);
    const mine = memory[key];
    if (!large.includes(key)) return undefined;
    return large.find((it) => {
      const other = memory[it];
      const either = OUTCOMES[name].written.includes(key) || OUTCOMES[name].written.includes(it);
      const fits =
        typeof other.argument === typeof mine.argument &&
        other.before.byteLength >= mine.before.byteLength &&
        (typeof mine.argument === 'number' ||
          (other.before.constructor === mine.before.constructor &&
            other.before.length === mine.before.length));
      return it !== key && either && fits;
    });
  }
}
