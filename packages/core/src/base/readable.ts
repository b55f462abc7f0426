/** Text that was read with one character a byte, as people read it. */

const utf8 = new TextDecoder("utf-8", { fatal: true });

/** Bytes that are UTF-8 become characters; others, and characters that are no bytes, stay as they are. */
export function readable(text: string): string {
  return text.replace(/[\x80-\xff]+/g, (bytes) => {
    try {
      return utf8.decode(Buffer.from(bytes, "latin1"));
    } catch {
      return bytes;
    }
  });
}
