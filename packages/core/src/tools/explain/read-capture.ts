/** The frames in a capture: pcap as tcpdump writes it, and pcapng. Each becomes an Ethernet frame. */
const ETHERNET_HEADER = 14;
const ETHERTYPE_IPV4 = 0x0800;
const ETHERTYPE_IPV6 = 0x86dd;

/** How frames begin (LINKTYPE_ values): how many bytes to leave out before IP, of those that have no Ethernet header. */
const LinkType = { ethernet: 1, raw: 101, cooked: 113, cooked2: 276 } as const;
const BEFORE_IP: Readonly<Record<number, number>> = {
  [LinkType.raw]: 0,
  [LinkType.cooked]: 16,
  [LinkType.cooked2]: 20,
};

/** @throws Error where the bytes are no capture, or a frame is cut short */
export function* readCapture(bytes: Buffer): Generator<Buffer> {
  const magic = bytes.length < 4 ? 0 : bytes.readUInt32LE(0);
  if (magic === 0x0a0d_0d0a) yield* readBlocks(bytes);
  else if (isPcap(magic)) yield* readRecords(bytes, true);
  else if (bytes.length >= 4 && isPcap(bytes.readUInt32BE(0))) yield* readRecords(bytes, false);
  else throw new Error("is no capture: neither pcap nor pcapng");
}

/** Times in microseconds, or in nanoseconds. */
function isPcap(magic: number): boolean {
  return magic === 0xa1b2_c3d4 || magic === 0xa1b2_3c4d;
}

function* readRecords(bytes: Buffer, isLittle: boolean): Generator<Buffer> {
  const u32 = numbersOf(bytes, isLittle);
  const link = u32(20) & 0xffff;
  for (let at = 24; at < bytes.length; ) {
    const length = u32(at + 8);
    yield frameOf(piece(bytes, at + 16, length), link);
    at += 16 + length;
  }
}

/** Sections, interfaces and packets; all other blocks are left out. */
function* readBlocks(bytes: Buffer): Generator<Buffer> {
  const Block = { section: 0x0a0d_0d0a, interface: 1, simple: 3, enhanced: 6 };
  let isLittle = true;
  let u32 = numbersOf(bytes, isLittle);
  let links: number[] = [];
  for (let at = 0; at < bytes.length; ) {
    if (u32(at) === Block.section) {
      isLittle = numbersOf(bytes, true)(at + 8) === 0x1a2b_3c4d;
      u32 = numbersOf(bytes, isLittle);
      links = [];
    }
    const [type, length] = [u32(at), u32(at + 4)];
    if (length < 12 || length % 4 !== 0) throw new Error(`has a block without a length at byte ${at}`);
    piece(bytes, at, length);
    if (type === Block.interface) links.push(isLittle ? u32(at + 8) & 0xffff : u32(at + 8) >>> 16);
    if (type === Block.enhanced) yield frameOf(piece(bytes, at + 28, u32(at + 20)), links[u32(at + 8)] ?? -1);
    if (type === Block.simple) yield frameOf(piece(bytes, at + 12, Math.min(u32(at + 8), length - 16)), links[0] ?? -1);
    at += length;
  }
}

function numbersOf(bytes: Buffer, isLittle: boolean): (at: number) => number {
  return (at) => {
    if (at + 4 > bytes.length) throw new Error(`ends at byte ${bytes.length}, amid a packet`);
    return isLittle ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at);
  };
}

function piece(bytes: Buffer, from: number, length: number): Buffer {
  if (from + length > bytes.length) throw new Error(`ends at byte ${bytes.length}, amid a packet`);
  return bytes.subarray(from, from + length);
}

/** Without an address, where the link has none. */
function frameOf(bytes: Buffer, link: number): Buffer {
  if (link === LinkType.ethernet) return bytes;
  const before = BEFORE_IP[link];
  if (before === undefined) throw new Error(`has frames of link type ${link}: capture on an Ethernet interface`);
  const header = Buffer.alloc(ETHERNET_HEADER);
  const ip = bytes.subarray(before);
  header.writeUInt16BE((ip[0] ?? 0) >> 4 === 6 ? ETHERTYPE_IPV6 : ETHERTYPE_IPV4, 12);
  return Buffer.concat([header, ip]);
}
