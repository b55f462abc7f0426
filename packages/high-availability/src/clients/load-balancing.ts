/** Which of two servers a client belongs to: the hash of RFC 3074 over what the client is known by. */

/** RFC 3074 §6, in hexadecimal. */
const TABLE = Buffer.from(
  "fbaf77d7510e4fbf6731b58fba9d00e81f20373c983a11edae46a090dc5a39df3b03128c6fa6cbc486f37c5fdeb3c541b430240f6b2ee982a51e7ba1d1176110" +
    "285bdb3d640ad26dfa7f168a1d6cf443cf09b2cc4a627ef9a774224dc1c8790514714723800db65e19e2e3c74b1b29f5e6e02be1b11a9b96d48eda73f1495869" +
    "27723effc0c991d6a89edd949a7a0c5452a32c8be4eccdf2d90bbb929f4056efc32a6ac67670b8ac5702ad75b0e5f7fd89b963a466932d42e7348dd3c2cef6ee" +
    "386e4ef83ff0bd5d5c3335b713ab48322168654508fc53784c875536ca7dbcd560eb88d0a281be849c262f0107fe1804d88359151c8525999550aa4406a9ea97",
  "hex",
);

/** From 0 to 255. @param key the client identifier, the hardware address or the DUID */
export function hashClient(key: Uint8Array): number {
  let hash = key.length & 255;
  for (let i = key.length - 1; i >= 0; i--) hash = TABLE[hash ^ key[i]!]!;
  return hash;
}

/** As Kea divides the clients of two servers. */
export function ownerOf(key: Uint8Array): "primary" | "secondary" {
  return hashClient(key) % 2 === 0 ? "primary" : "secondary";
}
