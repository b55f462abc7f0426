/** An address of 127.0.0.0/8 for one process: whatever port it takes there is free. */
export function ownLoopback(): string {
  const { pid } = process;
  return `127.${64 + ((pid >> 16) & 63)}.${(pid >> 8) & 255}.${pid & 255}`;
}
