/** The blocks of code in a text of Markdown, such as a chapter of the manual. */

export interface FencedBlock {
  /** Of its first line in the text, from 1 on. */
  readonly line: number;
  /** `json`, or "" where nothing is said. */
  readonly language: string;
  /** What follows the language: a chapter says there what the block is for. */
  readonly about: string;
  readonly text: string;
}

const FENCE = /^( *)```(\S*) *(.*)$/;

export function fencedBlocks(markdown: string): readonly FencedBlock[] {
  const blocks: FencedBlock[] = [];
  const lines = markdown.split("\n");
  for (let i = 0; i < lines.length; i++) {
    const opening = FENCE.exec(lines[i]!);
    if (opening === null) continue;
    const [, indent, language, about] = opening as unknown as [string, string, string, string];
    const end = lines.indexOf(`${indent}\`\`\``, i + 1);
    if (end === -1) throw new Error(`line ${i + 1}: the block has no end`);
    const text = lines.slice(i + 1, end).map((line) => line.slice(indent.length));
    blocks.push({ line: i + 2, language, about, text: text.join("\n") });
    i = end;
  }
  return blocks;
}
