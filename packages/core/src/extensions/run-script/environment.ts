/** Variables that scripts find in their environment. */

export type Environment = Readonly<Record<string, string>>;

/** What is `undefined` is left out. */
export function withPrefix(prefix: string, values: Readonly<Record<string, unknown>>): Environment {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) =>
      value === undefined ? [] : [[`${prefix}_${name}`, String(value)]],
    ),
  );
}

/** Bytes as Kea shows options: `0x0A0B`; empty for none. */
export function showOption(data: Uint8Array | undefined): string | undefined {
  if (data === undefined || data.length === 0) return data && "";
  return `0x${Buffer.from(data).toString("hex").toUpperCase()}`;
}
