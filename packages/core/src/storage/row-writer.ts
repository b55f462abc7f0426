/** Rows of text on their way to a file, with Kea's escapes. */
import { TextWriter } from "../ip/text-writer.ts";

export const COMMA = 0x2c;
export const NEWLINE = 0x0a;
export const AMPERSAND = 0x26;

/** Writes rows into one buffer that grows and is used again. */
export class RowWriter extends TextWriter {
  /**
   * Text with one character a byte, or UTF-8 when it cannot be that. Commas and ampersands become `&#x2c` and `&#x26`, as in Kea 2.6; so do control
   * characters, which would break the row and which every version of Kea reads back.
   */
  escaped(text: string): void {
    const start = this.length;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code > 0xff) {
        this.cut(start);
        this.escaped(Buffer.from(text).toString("latin1"));
        return;
      }
      if (code === COMMA || code === AMPERSAND || code < 0x20) {
        this.byte(AMPERSAND);
        this.byte(0x23);
        this.byte(0x78);
        this.octet(code);
      } else {
        this.byte(code);
      }
    }
  }
}
