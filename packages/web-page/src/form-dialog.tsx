/** A dialog with a form, which leads to the change that is shown before it is made. */
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { Dialog } from "./dialog.tsx";
import { Problem } from "./problem.tsx";

interface Props {
  readonly title: string;
  /** Whether there is anything to be shown. */
  readonly isChanged?: boolean;
  /** Rejects with what is wrong. */
  readonly onSubmit: () => Promise<void>;
  readonly onClose: () => void;
  /** Fields. */
  readonly children: ComponentChildren;
}

export function FormDialog({ title, isChanged = true, onSubmit, onClose, children }: Props) {
  const [problem, setProblem] = useState<string>();
  const [isBusy, setIsBusy] = useState(false);

  async function submit(event: Event): Promise<void> {
    event.preventDefault();
    setProblem(undefined);
    setIsBusy(true);
    await onSubmit().catch((error: unknown) => setProblem((error as Error).message));
    setIsBusy(false);
  }

  return (
    <Dialog title={title} onClose={onClose}>
      <form class="fields" onSubmit={(event) => void submit(event)}>
        {children}
        <Problem text={problem} />
        <div class="controls">
          <button type="submit" class="main" disabled={isBusy || !isChanged}>
            Show the change…
          </button>
          <button type="button" onClick={onClose}>
            Cancel
          </button>
        </div>
      </form>
    </Dialog>
  );
}
