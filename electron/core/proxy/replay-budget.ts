/** Bytes that all replay buffers together may hold; the total is shown in the settings. */
export class ReplayBudget {
  #used = 0;

  /** Bytes held now. */
  get used(): number {
    return this.#used;
  }

  /** Takes `bytes` unless that would pass `limit`. */
  take(bytes: number, limit: number): boolean {
    if (this.#used + bytes > limit) return false;
    this.#used += bytes;
    return true;
  }

  give(bytes: number): void {
    this.#used -= bytes;
  }
}
