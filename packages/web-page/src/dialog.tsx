/** A dialog of the browser's own: Escape closes it, and what lies behind is out of reach. */
import type { ComponentChildren } from "preact";
import { useId, useLayoutEffect, useRef } from "preact/hooks";

interface Props {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}

export function Dialog({ title, onClose, children }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  // Before anybody sees it: what is typed next goes into it, and once it is closed to where it was opened.
  useLayoutEffect(() => {
    const element = dialog.current!;
    element.showModal();
    return () => element.close();
  }, []);
  // Of one that is gone already nobody wants to hear.
  const end = () => dialog.current?.isConnected === true && onClose();
  return (
    <dialog ref={dialog} onClose={end} aria-labelledby={id}>
      <h3 id={id}>{title}</h3>
      {children}
    </dialog>
  );
}
