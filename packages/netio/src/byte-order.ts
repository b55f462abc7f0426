/** The byte order of the machine, in which kernels write what they tell processes. */

export const LITTLE = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;
