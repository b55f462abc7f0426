/** Packets that wait for facts that take their time: nobody else waits with them. */
import { Attempt, bytesOf } from "../attempt.ts";
import type { Packet, PacketPath, PathTypes } from "../packet-path.ts";
import type { AttemptReporter } from "../report/attempt-reporter.ts";

interface Parked<T extends PathTypes> {
  readonly packet: Packet<T>;
  readonly service: T["service"];
}

export class ParkingLot<T extends PathTypes> {
  readonly #limit: () => number;
  readonly #told: AttemptReporter<T>;
  readonly #serve: (packets: readonly Packet<T>[]) => void;
  /** The oldest first. */
  readonly #parked: Parked<T>[] = [];
  /** They return in the next turn of the loop. */
  readonly #ready: Parked<T>[] = [];

  /**
   * @param limit how many packets may wait
   * @param serve takes packets that have what they waited for, all that have at the time
   */
  constructor(limit: () => number, told: AttemptReporter<T>, serve: (packets: readonly Packet<T>[]) => void) {
    this.#limit = limit;
    this.#told = told;
    this.#serve = serve;
  }

  /** @param path the steps in which it lacks something */
  park({ packet, service }: Attempt<T>, path: PacketPath<T>): void {
    const parked = { packet: keep(packet, path, service), service };
    this.#parked.push(parked);
    while (this.#parked.length > this.#limit()) this.#giveWay(this.#parked.shift()!, path);
    void path.load?.([packet.known!]).then(() => this.#return(parked));
  }

  #giveWay({ packet, service }: Parked<T>, path: PacketPath<T>): void {
    const attempt = new Attempt(packet, service);
    this.#told.dropped(attempt, path.drop("parked-full"));
  }

  get isEmpty(): boolean {
    return this.#parked.length === 0 && this.#ready.length === 0;
  }

  /** Whether such a message of the same client waits. */
  has({ message, ingress }: Packet<T>, { transactionOf, isSameClient }: PacketPath<T>): boolean {
    const transaction = transactionOf(message);
    const isSame = ({ packet: other }: Parked<T>) =>
      transactionOf(other.message) === transaction && isSameClient(other, { message, ingress });
    return this.#parked.some(isSame) || this.#ready.some(isSame);
  }

  #return(parked: Parked<T>): void {
    const at = this.#parked.indexOf(parked);
    if (at < 0) return;
    this.#parked.splice(at, 1);
    this.#ready.push(parked);
    if (this.#ready.length === 1) {
      setImmediate(() => this.#serve(this.#ready.splice(0).map(({ packet }) => packet)));
    }
  }
}

/** The memory that a packet came in is used again before it returns. */
function keep<T extends PathTypes>(packet: Packet<T>, path: PacketPath<T>, service: T["service"]): Packet<T> {
  const { datagram, ingress } = packet;
  const bytes = bytesOf(datagram).slice();
  const sourceMac = ingress.sourceMac?.slice();
  return {
    ...packet,
    datagram: { ...datagram, buffer: bytes, offset: 0, length: bytes.length, macOffset: -1 },
    message: path.decode(bytes, service),
    ingress: { ...ingress, sourceMac },
  };
}
