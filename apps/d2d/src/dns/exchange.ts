/** One message to a DNS server and its answer: over UDP from a port of its own, over TCP when that is not enough. */
import { createSocket } from "node:dgram";
import { connect } from "node:net";
import { readU16, writeU16 } from "@kotare/core/base/big-endian";
import type { Milliseconds } from "@kotare/core/base/clock";
import { Timer } from "@kotare/core/base/timer";

export interface ServerAddress {
  readonly address: string;
  readonly port: number;
}

/** What the asker makes of an answer. */
export type Heard<T> =
  | { readonly kind: "accepted"; readonly value: T }
  /** Not for us, or not to be believed: the right one may still come. */
  | { readonly kind: "ignored"; readonly why: string }
  /** Cut off: it must be asked for over TCP. */
  | { readonly kind: "truncated" };

export type Hear<T> = (bytes: Uint8Array) => Heard<T>;

export type Exchanged<T> =
  | { readonly kind: "answered"; readonly value: T }
  /** `why` is the best reason known: what was wrong with an answer that did come, or what the kernel said. */
  | { readonly kind: "silent"; readonly why: string };

/** RFC 1035 §4.2.1: what every server takes over UDP. */
const LARGEST_DATAGRAM = 512;
/** RFC 1035 §4.2.2. */
const LENGTH_BYTES = 2;

/** A segment that is lost comes again only after a while. */
const TCP_PATIENCE = 3;

/** Never throws. @param timeout for UDP; TCP has more */
export async function exchange<T>(
  server: ServerAddress,
  message: Uint8Array,
  timeout: Milliseconds,
  hear: Hear<T>,
): Promise<Exchanged<T>> {
  if (message.length <= LARGEST_DATAGRAM) {
    const answer = await overUdp(server, message, timeout, hear);
    if (answer !== "truncated") return answer;
  }
  return overTcp(server, message, TCP_PATIENCE * timeout, hear);
}

function overUdp<T>(
  { address, port }: ServerAddress,
  message: Uint8Array,
  timeout: Milliseconds,
  hear: Hear<T>,
): Promise<Exchanged<T> | "truncated"> {
  const { promise, resolve } = withResolvers<Exchanged<T> | "truncated">();
  const socket = createSocket(address.includes(":") ? "udp6" : "udp4");
  let why = `no answer within ${timeout} ms`;
  const timer = Timer.after(timeout, () => end({ kind: "silent", why }));
  let isOver = false;
  const end = (result: Exchanged<T> | "truncated") => {
    if (isOver) return;
    isOver = true;
    timer.stop();
    socket.close();
    resolve(result);
  };
  socket.on("error", (error) => end({ kind: "silent", why: error.message }));
  socket.on("message", (bytes) => {
    if (isOver) return;
    const heard = hear(bytes);
    if (heard.kind === "ignored") why = heard.why;
    else end(heard.kind === "truncated" ? "truncated" : { kind: "answered", value: heard.value });
  });
  // Connected, the kernel takes datagrams from this server only, and tells when nobody listens there. The port is its choice.
  socket.once("connect", () => {
    if (!isOver) socket.send(message);
  });
  socket.connect(port, address);
  return promise;
}

function overTcp<T>(
  { address, port }: ServerAddress,
  message: Uint8Array,
  timeout: Milliseconds,
  hear: Hear<T>,
): Promise<Exchanged<T>> {
  const { promise, resolve } = withResolvers<Exchanged<T>>();
  const socket = connect({ host: address, port, noDelay: true });
  let received = Buffer.alloc(0);
  let why = `no answer over TCP within ${timeout} ms`;
  const end = (result: Exchanged<T>) => {
    timer.stop();
    socket.destroy();
    resolve(result);
  };
  const timer = Timer.after(timeout, () => end({ kind: "silent", why }));
  socket.on("error", (error) => end({ kind: "silent", why: error.message }));
  socket.on("close", () => end({ kind: "silent", why: "the server closed the TCP connection without an answer" }));
  socket.on("data", (chunk) => {
    received = Buffer.concat([received, chunk]);
    while (received.length >= LENGTH_BYTES) {
      const length = readU16(received, 0);
      if (received.length < LENGTH_BYTES + length) return;
      const heard = hear(received.subarray(LENGTH_BYTES, LENGTH_BYTES + length));
      if (heard.kind === "accepted") return end({ kind: "answered", value: heard.value });
      why = heard.kind === "ignored" ? heard.why : "an answer over TCP is marked as cut off";
      received = received.subarray(LENGTH_BYTES + length);
    }
  });
  const framed = Buffer.alloc(LENGTH_BYTES + message.length);
  writeU16(framed, 0, message.length);
  framed.set(message, LENGTH_BYTES);
  socket.write(framed);
  return promise;
}

function withResolvers<T>(): { readonly promise: Promise<T>; readonly resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
