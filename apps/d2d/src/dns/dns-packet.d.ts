// The parts of dns-packet that we use, some of which @types/dns-packet does not have (names, raw types).
declare module "dns-packet" {
  interface Question {
    readonly name: string;
    readonly type: string;
    readonly class: string;
  }

  interface Answer {
    readonly name: string;
    /** A name such as `A`, or `UNKNOWN_1` with raw bytes as data. */
    readonly type: string;
    readonly class: string;
    readonly ttl: number;
    readonly data: string | Buffer;
  }

  interface Packet {
    readonly type: "query" | "response";
    readonly id: number;
    readonly flags: number;
    readonly questions: readonly Question[];
    readonly answers: readonly Answer[];
    readonly authorities: readonly Answer[];
    readonly additionals: readonly Answer[];
  }

  export function encode(packet: Packet): Buffer;

  export const question: { encodingLength(question: Question): number };
  export const answer: { encodingLength(answer: Answer): number };

  export const name: {
    /** `decode.bytes` is then what the name took at `offset`. @throws on what is no name, loops included */
    readonly decode: ((bytes: Buffer, offset: number) => string) & { readonly bytes: number };
  };
}
