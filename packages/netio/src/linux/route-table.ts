/**
 * The kernel's main table of IPv6 routes: sets, removes and lists those that bear a mark. The kernel is talked to on the
 * thread pool, where it may take its time; this needs no program `ip`, and no child that would not have our capabilities.
 */

import { closeSync, read, write } from "node:fs";
import { promisify } from "node:util";
import { native } from "../native.ts";
import { checkResult, type SystemError, systemError } from "../system-error.ts";
import { errorOf, NLMSG_DONE, NLMSG_ERROR, readMessages } from "./netlink-message.ts";
import {
  decodeRoute,
  encodeRouteChange,
  encodeRouteDump,
  type Route6,
  type RouteChange,
  type RouteMark,
  RTM_NEWROUTE,
} from "./route-message.ts";

/** A call's answers fit into the socket's buffer even when every change is refused. */
export const CHANGES_PER_CALL = 64;
/** The kernel's dumps come in pieces of at most 32 KiB. */
const PIECE = 32 * 1024;
/** The kernel has no such route. */
const ESRCH = -3;

const readAsync = promisify(read);
const writeAsync = promisify(write);

/** One call at a time: the next one begins when the promise of the last is settled. */
export class RouteTable implements Disposable {
  readonly #mark: RouteMark;
  readonly #fd: number;
  readonly #piece = Buffer.allocUnsafe(PIECE);
  #sequence = 0;

  /** @throws a system error when there is no socket to be had. */
  constructor(mark: RouteMark) {
    this.#mark = mark;
    this.#fd = checkResult("socket(AF_NETLINK)", native.openNetlink(0));
  }

  /**
   * Carries out at most `CHANGES_PER_CALL` changes. To remove what is not there is no error.
   * @returns for each change why the kernel refused it; `undefined` for done. Rejects when the kernel cannot be asked.
   */
  async change(changes: readonly RouteChange[]): Promise<readonly (SystemError | undefined)[]> {
    if (changes.length === 0) return [];
    const first = this.#sequence + 1;
    const last = this.#sequence + changes.length;
    this.#sequence = last;
    const results: (SystemError | undefined)[] = changes.map(() => undefined);
    // Answered are only what is refused and the last one, which ends it.
    const messages = changes.map((change, i) =>
      encodeRouteChange(change, this.#mark, first + i, i === changes.length - 1),
    );
    await writeAsync(this.#fd, Buffer.concat(messages));
    for (let answered = false; !answered; ) {
      for (const { type, sequence, body } of await this.#read()) {
        if (type !== NLMSG_ERROR || sequence < first) continue;
        results[sequence - first] = errorFor(changes[sequence - first]!, errorOf(body));
        if (sequence === last) answered = true;
      }
    }
    return results;
  }

  /** The routes with our mark. Rejects when the kernel cannot be asked. */
  async list(): Promise<readonly Route6[]> {
    const routes: Route6[] = [];
    this.#sequence += 1;
    await writeAsync(this.#fd, encodeRouteDump(this.#sequence));
    for (;;) {
      for (const { type, sequence, body } of await this.#read()) {
        if (sequence !== this.#sequence) continue;
        if (type === NLMSG_DONE) return routes;
        if (type === NLMSG_ERROR) throw systemError("RTM_GETROUTE", errorOf(body));
        const route = type === RTM_NEWROUTE ? decodeRoute(body, this.#mark) : undefined;
        if (route !== undefined) routes.push(route);
      }
    }
  }

  async #read(): Promise<ReturnType<typeof readMessages>> {
    const { bytesRead } = await readAsync(this.#fd, this.#piece, 0, PIECE, null);
    return readMessages(this.#piece.subarray(0, bytesRead));
  }

  [Symbol.dispose](): void {
    closeSync(this.#fd);
  }
}

function errorFor({ gateway }: RouteChange, errno: number): SystemError | undefined {
  if (errno === 0 || (gateway === undefined && errno === ESRCH)) return undefined;
  return systemError(gateway === undefined ? "RTM_DELROUTE" : "RTM_NEWROUTE", errno);
}
