/** The place of the editor in the page: its code comes when it is first wanted. */
import type { Ref } from "preact";
import { useEffect, useImperativeHandle, useRef, useState } from "preact/hooks";
import { Problem } from "../../problem.tsx";
import type { Service } from "../../session.ts";
import type { ConfigEditor } from "./config-editor.ts";

/** What others do with it, once it is there. */
export type EditorHandle = Pick<ConfigEditor, "text" | "show" | "mark" | "goTo" | "find" | "focus">;

interface Props {
  readonly handle: Ref<EditorHandle | undefined>;
  readonly service: Service;
  /** What the daemon has. Another text takes the place of what has been typed. */
  readonly text: string;
  readonly onChange: (isChanged: boolean) => void;
}

export function Editor({ handle, service, text, onChange }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const [editor, setEditor] = useState<ConfigEditor>();
  const [problem, setProblem] = useState<string>();
  useImperativeHandle(handle, () => editor, [editor]);

  useEffect(() => {
    let made: ConfigEditor | undefined;
    let isGone = false;
    const load = async () => {
      const { ConfigEditor } = await import("./config-editor.ts");
      if (isGone) return;
      made = new ConfigEditor(
        place.current!.shadowRoot ?? place.current!.attachShadow({ mode: "open" }),
        text,
        onChange,
      );
      setEditor(made);
    };
    load().catch(() => setProblem("The editor cannot be loaded: load the page again."));
    return () => {
      isGone = true;
      made?.destroy();
    };
  }, []);

  useEffect(() => editor?.show(text), [editor, text]);

  useEffect(() => {
    editor?.propose(service).catch((error: unknown) => setProblem((error as Error).message));
  }, [editor, service]);

  return (
    <>
      <Problem text={problem} />
      <div ref={place} class="editor" />
    </>
  );
}
