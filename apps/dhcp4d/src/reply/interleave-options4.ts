/** Lays the options that an exchange asks for between the configured ones: all in the order of their codes, as in Kea. */

/**
 * Writes both at `buffer[at…]`. Of a code that both have, the exchange's own counts.
 * @param own encoded, in the order of the codes; so is `configured`
 * @returns the offset behind them
 */
export function interleaveOptions(own: Uint8Array, configured: Uint8Array, buffer: Uint8Array, at: number): number {
  const size = configured.length;
  let end = at;
  let next = 0;
  for (let i = 0; i < own.length; ) {
    const code = own[i]!;
    const from = next;
    while (next < size && configured[next]! < code) next += 2 + configured[next + 1]!;
    end = copy(configured, from, next, buffer, end);
    while (next < size && configured[next] === code) next += 2 + configured[next + 1]!;
    const behind = i + 2 + own[i + 1]!;
    end = copy(own, i, behind, buffer, end);
    i = behind;
  }
  return copy(configured, next, size, buffer, end);
}

/** Most stretches are too short for a view of them to pay. */
function copy(source: Uint8Array, from: number, to: number, buffer: Uint8Array, at: number): number {
  let end = at;
  for (let i = from; i < to; i++) buffer[end++] = source[i]!;
  return end;
}
