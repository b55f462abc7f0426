/**
 * A way to a DNS server on which things happen to datagrams: they are lost, doubled, changed, forged. TCP, which mends
 * that by itself, goes through.
 */
import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server } from "node:net";
import type { DnsServerAddress } from "./updater.ts";

/** What arrives in place of one datagram, in order; nothing for one that is lost. */
export type Spoil = (datagram: Buffer, direction: "there" | "back") => readonly Buffer[];

export class FaultyPath implements Disposable {
  readonly address = "127.0.0.1";
  readonly #front: Socket;
  /** One socket a client's port, so that answers find their way. */
  readonly #back = new Map<number, Socket>();

  readonly #tcp: Server;

  private constructor(front: Socket, tcp: Server, server: DnsServerAddress, spoil: Spoil) {
    this.#front = front;
    this.#tcp = tcp;
    tcp.on("connection", (client) => {
      const upstream = connect(server.port, server.address);
      client.pipe(upstream).pipe(client);
      for (const socket of [client, upstream]) {
        socket.on("error", () => {
          client.destroy();
          upstream.destroy();
        });
      }
    });
    front.on("message", (datagram, client) => {
      let back = this.#back.get(client.port);
      if (back === undefined) {
        back = createSocket("udp4");
        back.on("message", (answer) => {
          for (const each of spoil(answer, "back")) front.send(each, client.port, client.address);
        });
        this.#back.set(client.port, back);
      }
      for (const each of spoil(datagram, "there")) back.send(each, server.port, server.address);
    });
  }

  static async open(server: DnsServerAddress, spoil: Spoil): Promise<FaultyPath> {
    for (;;) {
      const tcp = createServer().listen(0, "127.0.0.1");
      await once(tcp, "listening");
      const front = await bindTo((tcp.address() as AddressInfo).port);
      if (front !== undefined) return new FaultyPath(front, tcp, server, spoil);
      tcp.close();
    }
  }

  get port(): number {
    return this.#front.address().port;
  }

  [Symbol.dispose](): void {
    this.#front.close();
    this.#tcp.close();
    for (const socket of this.#back.values()) socket.close();
  }
}

/** @returns `undefined` when somebody has that port */
async function bindTo(port: number): Promise<Socket | undefined> {
  const socket = createSocket("udp4");
  socket.bind(port, "127.0.0.1");
  try {
    await once(socket, "listening");
    return socket;
  } catch {
    socket.close();
    return undefined;
  }
}
