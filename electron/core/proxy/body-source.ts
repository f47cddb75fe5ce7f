import { Readable } from 'node:stream';

/** Where a {@link BodySource} gets its bytes from. */
export type BodyFeed = {
  /** The next chunk for `source`, null when more must arrive first, 'end' after the last one. */
  next(source: BodySource): Buffer | 'end' | null;
  /** The source is gone, finished or not. */
  detached(source: BodySource): void;
};

/** One reading of a request body by the upstream client: what is kept already first, then as it arrives. */
export class BodySource extends Readable {
  /** Chunks read so far, for feeds that keep them all. */
  position = 0;
  /** Their bytes. */
  taken = 0;
  #wanting = false;
  readonly #feed: BodyFeed;

  constructor(feed: BodyFeed) {
    super({ highWaterMark: 256 * 1024 });
    this.#feed = feed;
    // The upstream client reports its failures itself; a destroyed source must not end the thread.
    this.on('error', () => undefined);
  }

  /** Whether the reader would take more now. */
  get wanting(): boolean {
    return this.#wanting;
  }

  override _read(): void {
    this.#wanting = true;
    this.more();
  }

  /** Called when new bytes arrived or the body ended. */
  more(): void {
    while (this.#wanting) {
      const chunk = this.#feed.next(this);
      if (chunk === null) return;
      if (chunk === 'end') {
        this.#wanting = false;
        this.push(null);
        return;
      }
      this.#wanting = this.push(chunk);
    }
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#wanting = false;
    this.#feed.detached(this);
    done(error);
  }
}

/** A source of chunks that are all here already. */
export function sourceOf(chunks: readonly Buffer[]): BodySource {
  return new BodySource({
    next(source) {
      const chunk = chunks[source.position];
      source.position += 1;
      return chunk ?? 'end';
    },
    detached: () => undefined,
  });
}
