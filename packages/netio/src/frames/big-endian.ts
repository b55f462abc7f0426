/** Numbers in network byte order; what is read must be there. */

export function uint16(buffer: Uint8Array, at: number): number {
  return ((buffer[at] as number) << 8) | (buffer[at + 1] as number);
}

export function uint32(buffer: Uint8Array, at: number): number {
  return ((uint16(buffer, at) << 16) | uint16(buffer, at + 2)) >>> 0;
}

export function writeUint16(buffer: Uint8Array, at: number, value: number): void {
  buffer[at] = (value >>> 8) & 0xff;
  buffer[at + 1] = value & 0xff;
}

export function writeUint32(buffer: Uint8Array, at: number, value: number): void {
  writeUint16(buffer, at, value >>> 16);
  writeUint16(buffer, at + 2, value);
}
