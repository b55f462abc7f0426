/** The look of the editor, in the page's own colours, which are dark or light by themselves. */
import { EditorView } from "@codemirror/view";

export const editorTheme = EditorView.theme({
  "&": {
    height: "32rem",
    maxHeight: "75vh",
    border: "1px solid var(--line)",
    borderRadius: "0.5rem",
    color: "var(--ink)",
    background: "var(--panel)",
    fontSize: "0.875rem",
    overflow: "hidden",
  },
  "&.cm-focused": { outline: "2px solid var(--accent)" },
  ".cm-content": { caretColor: "var(--ink)", fontFamily: "ui-monospace, monospace" },
  ".cm-scroller": { fontFamily: "ui-monospace, monospace", lineHeight: "1.5" },
  ".cm-gutters": { color: "var(--faint)", background: "var(--paper)", borderRight: "1px solid var(--line)" },
  ".key": { color: "var(--accent)" },
  ".text": { color: "var(--good)" },
  ".comment": { color: "var(--faint)", fontStyle: "italic" },
  ".fault, .fault span": { color: "var(--bad)", textDecoration: "underline wavy var(--bad)" },
  ".cm-tooltip": { color: "var(--ink)", background: "var(--panel)", border: "1px solid var(--line)" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]": {
    color: "var(--paper)",
    background: "var(--accent)",
  },
  ".cm-completionDetail": { color: "var(--faint)", fontStyle: "normal" },
  "li[aria-selected] .cm-completionDetail": { color: "inherit" },
  ".cm-completionInfo": { maxWidth: "22rem", padding: "0.5rem" },
});
