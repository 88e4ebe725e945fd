/** How long things took, in seconds, by name. */
export class Seconds {
  #rows = [];

  add(name, seconds, note = '') {
    this.#rows.push({ name, seconds, note });
  }

  /** Does what is given and awaits it; returns what it returns. */
  async of(name, work) {
    const from = performance.now();
    try {
      return await work();
    } finally {
      this.add(name, (performance.now() - from) / 1000);
    }
  }

  /** A line a name, the longest first. */
  toString() {
    return [...this.#rows]
      .sort((a, b) => b.seconds - a.seconds)
      .map(({ name, seconds, note }) => `${seconds.toFixed(1).padStart(8)} s  ${name}${note}`)
      .join('\n');
  }
}
