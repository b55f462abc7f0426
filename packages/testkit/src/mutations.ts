/** Changes that fuzzing makes to a packet, at places given as shares of its length. */

export type Mutation = (bytes: Uint8Array) => Uint8Array;

/** @param from where the part begins that may change */
export function overwrite(share: number, value: number, from = 0): Mutation {
  return (bytes) => {
    const length = bytes.length - from;
    return length <= 0 ? bytes : bytes.with(from + Math.floor(share * length), value);
  };
}

export function cut(share: number): Mutation {
  return (bytes) => bytes.slice(0, Math.floor(share * bytes.length));
}

export function insert(bytes: Uint8Array, at: number, part: Uint8Array): Uint8Array {
  return Uint8Array.from([...bytes.slice(0, at), ...part, ...bytes.slice(at)]);
}

/** All changes one after the other, for as long as there is anything left to change. */
export function mutate(bytes: Uint8Array, mutations: readonly Mutation[]): Uint8Array {
  return mutations.reduce<Uint8Array>((changed, change) => (changed.length === 0 ? changed : change(changed)), bytes);
}
