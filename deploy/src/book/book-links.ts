/** Links of the chapters, which are written for the repository, as the manual needs them. */

/** `[text](target)`, which may go on in the next line. */
const LINK = /(!?)\[((?:[^[\]]|\[[^\]]*\])*)\]\(([^()\s]+)\)/g;
const EXAMPLE = /^(?:\.\.\/)?deploy\/examples\/([\w.-]+)$/;

/**
 * What is not in the manual is named, and not linked.
 * @param isChapter whether the manual has a file
 */
export function bookLinks(text: string, isChapter: (file: string) => boolean): string {
  return text.replaceAll(LINK, (link, picture: string, words: string, target: string) => {
    if (picture !== "" || /^(?:https?:|mailto:|#)/.test(target)) return link;
    const example = EXAMPLE.exec(target)?.[1];
    if (example !== undefined) return `[${words}](examples.md#${anchorOf(example)})`;
    const [file = "", anchor] = target.replace(/^docs\//, "").split("#");
    if (!isChapter(file)) return words;
    return `[${words}](${file}${anchor === undefined ? "" : `#${anchor}`})`;
  });
}

/** As mdbook makes it of a heading. */
export function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\w\s-]/g, "")
    .replaceAll(/\s/g, "-");
}
