/** Ids of log messages in the chapters, as links to their pages. */

/** `ID`, as chapters write it, or a block of code. */
const CODE = /^```.*?^```$|`([A-Z][A-Z0-9]*_[A-Z0-9_]+)`/gms;

/** @param ids of the messages that have a page */
export function messageLinks(text: string, ids: ReadonlySet<string>): string {
  return text.replaceAll(CODE, (code, id: string | undefined) =>
    id !== undefined && ids.has(id) ? `[${code}](messages/${id}.md)` : code,
  );
}

/** What chapters name as messages of ours: by the beginnings of their ids. */
export function idsIn(text: string): readonly string[] {
  return [...text.matchAll(CODE)]
    .map(([, id]) => id)
    .filter((id) => id !== undefined)
    .filter((id) =>
      /^(?:ALLOC|COMMAND|DAEMON|DCTL|DHCP[46]?|DHCPSRV|EVAL|EXTENSION|HA|HOSTS|HTTP|LEGAL|LOG)_/.test(id),
    );
}
