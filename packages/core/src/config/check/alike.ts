/** Of thousands of subnets most say the same but for id, prefix and the addresses of pools: the rest is checked once. */

const likes = new WeakMap<object, object>();

/** @param like says the same, and its pools do */
export function takeAsAlike(subnet: object, like: object): void {
  likes.set(subnet, like);
}

/** One that says the same, for all of them; `undefined` where none is known. */
export function likeOf(subnet: object): object | undefined {
  return likes.get(subnet);
}
