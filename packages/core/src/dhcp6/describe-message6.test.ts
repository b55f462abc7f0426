import { describe, expect, it } from "vitest";
import { parseHex } from "../base/hex.ts";
import { parseIpv6Key } from "../ip/ipv6-key.ts";
import { describeMessage6 } from "./describe-message6.ts";
import { MessageType6 } from "./message-type6.ts";
import { MessageWriter6 } from "./message-writer6.ts";
import { Message6 } from "./message6.ts";
import { Option6 } from "./option6.ts";

const written = (write: (writer: MessageWriter6) => void): Message6 => {
  const buffer = new Uint8Array(65_535);
  const writer = new MessageWriter6(buffer, 0, buffer.length);
  write(writer);
  return new Message6(buffer.subarray(0, writer.finish()));
};

describe("describeMessage6", () => {
  it("shows a direct message with every option by name", () => {
    const message = written((writer) =>
      writer
        .begin(MessageType6.SOLICIT, 0xbcdef)
        .option(Option6.clientId, parseHex("00030001020000000002")!)
        .option(Option6.rapidCommit, new Uint8Array())
        .openIa(Option6.iaNa, 7, 0, 0)
        .closeOption()
        .option(Option6.oro, parseHex("001700")!),
    );
    expect(describeMessage6(message)).toBe(
      "SOLICIT xid=0x0bcdef [1 clientid 00030001020000000002] [14 rapid-commit] [3 ia-na 7, 0, 0] " +
        "[6 oro 0x001700 (malformed)]",
    );
  });

  it("shows relays from the one nearest to the server, and what they carry once", () => {
    const link = parseIpv6Key("2001:db8::1")!;
    const peer = parseIpv6Key("fe80::a")!;
    const message = written((writer) => {
      writer.beginRelay(MessageType6.RELAY_FORW, 1, link, peer).openOption(Option6.relayMessage);
      writer.beginRelay(MessageType6.RELAY_FORW, 0, peer, link).option(Option6.interfaceId, parseHex("65")!);
      writer.openOption(Option6.relayMessage).begin(MessageType6.INFORMATION_REQUEST, 1);
    });
    expect(describeMessage6(message)).toBe(
      "RELAY-FORW hops=1 link=2001:db8::1 peer=fe80::a RELAY-FORW hops=0 link=fe80::a peer=2001:db8::1 " +
        "[18 interface-id 65] INFORMATION-REQUEST xid=0x000001",
    );
  });

  it("names what has no name by its number", () => {
    expect(describeMessage6(new Message6(parseHex("ff000001fffe0000")!))).toBe("type 255 xid=0x000001 [65534 0x]");
  });

  it("ends within a reader's patience", () => {
    const message = written((writer) => {
      writer.begin(MessageType6.SOLICIT, 1);
      for (let i = 0; i < 16_000; i++) writer.option(Option6.rapidCommit, new Uint8Array());
    });
    expect(describeMessage6(message)).toHaveLength(16_385);
  });
});
