/** Hashes with a secret: who chooses the keys cannot choose where they collide. */
import { randomBytes } from "node:crypto";

const SECRET = randomBytes(8);
const KEY_0 = SECRET.readInt32LE(0);
const KEY_1 = SECRET.readInt32LE(4);

let v0 = 0;
let v1 = 0;
let v2 = 0;
let v3 = 0;

function sipRound(): void {
  v0 = (v0 + v1) | 0;
  v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0;
  v0 = (v0 << 16) | (v0 >>> 16);
  v2 = (v2 + v3) | 0;
  v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2;
  v0 = (v0 + v3) | 0;
  v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0;
  v2 = (v2 + v1) | 0;
  v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2;
  v2 = (v2 << 16) | (v2 >>> 16);
}

function absorb(word: number): void {
  v3 ^= word;
  sipRound();
  v0 ^= word;
}

/**
 * HalfSipHash-1-3 (Aumasson, Bernstein) of the bytes, or of the first `length` of them: 32 bits, under a secret drawn when
 * the process starts. Murmur and FNV would be a little faster, but there are keys that collide in them whatever the seed is.
 */
export function hashBytes(bytes: Uint8Array, length = bytes.length): number {
  v0 = KEY_0;
  v1 = KEY_1;
  v2 = 0x6c79_6765 ^ KEY_0;
  v3 = 0x7465_6462 ^ KEY_1;
  let at = 0;
  for (; at + 4 <= length; at += 4) {
    absorb(bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24));
  }
  let last = length << 24;
  for (let shift = 0; at < length; at++, shift += 8) last |= bytes[at]! << shift;
  absorb(last);
  v2 ^= 0xff;
  sipRound();
  sipRound();
  sipRound();
  return v1 ^ v3;
}

/** A hash of an address under the same secret; no two addresses have the same. The mixing steps are MurmurHash3's. */
export function hashAddress(address: number): number {
  let hash = address ^ KEY_0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2_ae35);
  return hash ^ (hash >>> 16);
}

/** `hashBytes` of an IPv6 address in four words and of what else makes a key of it. */
export function hashWords(words: Uint32Array, tag: number): number {
  v0 = KEY_0;
  v1 = KEY_1;
  v2 = 0x6c79_6765 ^ KEY_0;
  v3 = 0x7465_6462 ^ KEY_1;
  for (let i = 0; i < 4; i++) absorb(words[i]! | 0);
  absorb((16 << 24) | tag);
  v2 ^= 0xff;
  sipRound();
  sipRound();
  sipRound();
  return v1 ^ v3;
}
