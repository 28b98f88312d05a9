/** A set of small numbers, a bit each. */
export class Bits {
  private readonly words: Uint32Array;

  constructor(readonly size: number) {
    this.words = new Uint32Array((size + 31) >>> 5);
  }

  add(at: number): void {
    this.words[at >>> 5] |= 1 << (at & 31);
  }

  has(at: number): boolean {
    return (this.words[at >>> 5] & (1 << (at & 31))) !== 0;
  }

  /** Adds every number below the size. */
  fill(): this {
    this.words.fill(0xffffffff);
    if ((this.size & 31) !== 0) this.words[this.words.length - 1] = (1 << (this.size & 31)) - 1;
    return this;
  }

  unite({ words }: Bits): this {
    for (let at = 0; at < words.length; at += 1) this.words[at] |= words[at];
    return this;
  }

  meet({ words }: Bits): this {
    for (let at = 0; at < words.length; at += 1) this.words[at] &= words[at];
    return this;
  }

  remove({ words }: Bits): this {
    for (let at = 0; at < words.length; at += 1) this.words[at] &= ~words[at];
    return this;
  }

  copy(): Bits {
    const bits = new Bits(this.size);
    bits.words.set(this.words);
    return bits;
  }

  /** Whether the two have a number in common. */
  meets({ words }: Bits): boolean {
    for (let at = 0; at < words.length; at += 1) if ((this.words[at] & words[at]) !== 0) return true;
    return false;
  }

  get isEmpty(): boolean {
    for (let at = 0; at < this.words.length; at += 1) if (this.words[at] !== 0) return false;
    return true;
  }

  each(visit: (at: number) => void): void {
    for (let at = 0; at < this.words.length; at += 1) {
      for (let word = this.words[at]; word !== 0; word &= word - 1) visit((at << 5) + 31 - Math.clz32(word & -word));
    }
  }

  list(): number[] {
    const found: number[] = [];
    this.each((at) => found.push(at));
    return found;
  }
}
