/** What a {@link Roster} holds knows its own place there; -1 while it is in none. */
export type Listed = { place: number };

/**
 * Things that come and go by the thousand, in no order: an array whose gaps are filled from its end. Not a Set or a
 * Map, because V8 links each table that such a one has replaced to the next. Once one of those tables has grown old,
 * everything in the later ones lives on until the next full collection, and copying it there is most of the
 * collector's work.
 */
export class Roster<T extends Listed> implements Iterable<T> {
  readonly #items: T[] = [];

  get size(): number {
    return this.#items.length;
  }

  /** Adds what is in no roster yet. */
  add(item: T): void {
    item.place = this.#items.length;
    this.#items.push(item);
  }

  /** Takes it out, if it is in. */
  remove(item: T): void {
    const last = this.#items.at(-1);
    if (item.place === -1 || last === undefined) return;
    this.#items[item.place] = last;
    last.place = item.place;
    this.#items.pop();
    item.place = -1;
  }

  /** Goes over what is in now; members may leave meanwhile. */
  [Symbol.iterator](): Iterator<T> {
    return [...this.#items].values();
  }
}
