import type { Clock, Timer } from '../clock.ts';
import { WHOLE_ACCOUNT } from '../limits/buckets.ts';
import type { Visit } from '../routing-ports.ts';
import { ASIDE, Door } from './door.ts';

/** Doors kept per account: of models without a window of their own there could be endless ones. */
const MAX_DOORS = 64;

type Waiter = { readonly visit: Visit; readonly ready: () => void };

/** The way into one account: a door for each bucket that holds anybody back (mostly none), and who waits. */
export class Entrance {
  readonly #clock: Clock;
  readonly #doors: Door[] = [];
  /** The longest waiting first. */
  readonly #waiters = new Set<Waiter>();
  /** Grows whenever a door begins to count anew; the number of every place taken since. */
  #turn = 0;
  #timer: Timer | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** See {@link AdmissionGate.tryEnter}. */
  tryEnter(visit: Visit): number | null {
    if (this.#doors.length === 0) return this.#turn;
    const now = this.#clock.monotonic();
    if (!this.#hasPlace(visit, now)) return null;
    if (this.#waiters.size === 0) this.#dropOpen(now);
    const awaited = this.#waiters.size > 0;
    for (const door of this.#doors) if (door.covers(visit)) door.enter(now, awaited);
    return this.#turn;
  }

  /** See {@link AdmissionGate.wait}. */
  wait(visit: Visit, ready: () => void): () => void {
    const waiter = { visit, ready };
    this.#waiters.add(waiter);
    if (this.#timer === null) this.#arm();
    return () => {
      this.#waiters.delete(waiter);
      if (this.#waiters.size === 0) this.#disarm();
    };
  }

  served(visit: Visit, place: number): void {
    if (this.#doors.length === 0) return;
    const now = this.#clock.monotonic();
    let some = false;
    for (const door of this.#doors) {
      if (door.covers(visit) && door.served(visit, place, now)) some = true;
    }
    if (some) this.#look();
  }

  left(visit: Visit, place: number): void {
    if (this.#doors.length === 0) return;
    for (const door of this.#doors) if (door.covers(visit)) door.left(place);
    this.#look();
  }

  ramp(bucket: string): void {
    const now = this.#clock.monotonic();
    if (this.#doors.some((door) => door.bucket === bucket && !door.isOpen(now))) return;
    this.#put(Door.ramp(bucket, this.#nextTurn(), now));
  }

  rest(bucket: string): void {
    const door = Door.probe(bucket, this.#nextTurn(), this.#clock.monotonic());
    this.#put(door);
    for (const waiter of [...this.#waiters]) if (door.covers(waiter.visit)) this.#release(waiter);
  }

  close({ inference }: Visit, ms: number): void {
    const bucket = inference ? WHOLE_ACCOUNT : ASIDE;
    const known = this.#doors.find((door) => door.bucket === bucket)?.closedUntil ?? 0;
    const from = Math.max(known, this.#clock.monotonic() + ms);
    this.#put(Door.probe(bucket, this.#nextTurn(), from));
  }

  /** The account is gone: nothing holds anybody back. */
  dismiss(): void {
    this.#doors.length = 0;
    this.lookAgain();
  }

  /** Lets everybody who waits look again. */
  lookAgain(): void {
    this.#disarm();
    for (const waiter of [...this.#waiters]) this.#release(waiter);
  }

  #nextTurn(): number {
    this.#turn += 1;
    return this.#turn;
  }

  #put(door: Door): void {
    const known = this.#doors.findIndex(({ bucket }) => bucket === door.bucket);
    if (known >= 0) this.#doors.splice(known, 1);
    else if (this.#doors.length === MAX_DOORS) this.#doors.shift();
    this.#doors.push(door);
    this.#arm();
  }

  #hasPlace(visit: Visit, now: number): boolean {
    for (const door of this.#doors) if (door.covers(visit) && door.isFull(now)) return false;
    return true;
  }

  /** Not while somebody waits for it to open and has not been told. */
  #dropOpen(now: number): void {
    for (let i = this.#doors.length - 1; i >= 0; i -= 1) {
      if (this.#doors[i]?.isOpen(now) === true) this.#doors.splice(i, 1);
    }
  }

  /** Wakes while there are places, the longest waiting first; each looks again for itself and may go elsewhere. */
  #look(): void {
    if (this.#waiters.size === 0) return;
    const now = this.#clock.monotonic();
    this.#dropOpen(now);
    for (const waiter of [...this.#waiters]) if (this.#hasPlace(waiter.visit, now)) this.#release(waiter);
    this.#arm();
  }

  /** Doors change with time alone, which only those who wait need to know. */
  #arm(): void {
    this.#disarm();
    if (this.#waiters.size === 0) return;
    const now = this.#clock.monotonic();
    let next = Number.POSITIVE_INFINITY;
    for (const door of this.#doors) next = Math.min(next, door.nextChange(now));
    if (next === Number.POSITIVE_INFINITY) return;
    this.#timer = this.#clock.after(Math.max(0, next - now), () => this.#changed());
  }

  #changed(): void {
    this.#timer = null;
    const now = this.#clock.monotonic();
    for (const door of this.#doors) door.failOpen(now, this.#nextTurn());
    this.#look();
  }

  #disarm(): void {
    this.#timer?.cancel();
    this.#timer = null;
  }

  #release(waiter: Waiter): void {
    if (this.#waiters.delete(waiter)) waiter.ready();
  }
}
