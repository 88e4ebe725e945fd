import { DAMAGED, Unfit } from './unfit.ts';

export function badPickle(problem: string): Unfit {
  return new Unfit(`has a pickle that ${problem}`, DAMAGED);
}

/** The stack on which a pickle puts things together, with its marks, and the memo of what it says again. */
export class PickleStack {
  readonly #values: unknown[] = [];
  readonly #marks: number[] = [];
  readonly #memo = new Map<number, unknown>();

  push(value: unknown): void {
    this.#values.push(value);
  }

  pop(): unknown {
    this.#assertAboveMark();
    return this.#values.pop();
  }

  get top(): unknown {
    this.#assertAboveMark();
    return this.#values.at(-1);
  }

  mark(): void {
    this.#marks.push(this.#values.length);
  }

  /** All since the last mark. */
  popMarked(): unknown[] {
    const from = this.#marks.pop();
    if (from === undefined) throw badPickle('goes back to a mark that is not there');
    return this.#values.splice(from);
  }

  popMany(count: number): unknown[] {
    return Array.from({ length: count }, () => this.pop()).reverse();
  }

  remember(key: number = this.#memo.size): void {
    this.#memo.set(key, this.top);
  }

  recall(key: number): void {
    if (!this.#memo.has(key)) throw badPickle('recalls what it never said');
    this.push(this.#memo.get(key));
  }

  #assertAboveMark(): void {
    if (this.#values.length <= (this.#marks.at(-1) ?? 0)) throw badPickle('takes from nothing');
  }
}
