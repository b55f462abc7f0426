/** Shows what is about to be changed, and has it changed. */
import { useState } from "preact/hooks";
import { Dialog } from "../../dialog.tsx";
import { Problem } from "../../problem.tsx";
import type { Change } from "./change.ts";
import { Difference } from "./difference.tsx";

interface Props {
  readonly change: Change;
  readonly onClose: () => void;
  /** @param isWritten whether it lasts beyond the next start */
  readonly onDone: (isWritten: boolean) => void;
}

export function ChangeDialog({ change, onClose, onDone }: Props) {
  const [problem, setProblem] = useState<string>();
  const [isBusy, setIsBusy] = useState(false);
  const { write } = change;

  async function make(isWritten: boolean): Promise<void> {
    setIsBusy(true);
    setProblem(undefined);
    try {
      await change.apply();
      if (isWritten) await write?.();
      onDone(isWritten || write === undefined);
    } catch (error) {
      setProblem((error as Error).message);
      setIsBusy(false);
    }
  }

  return (
    <Dialog title={change.title} onClose={onClose}>
      <Difference before={change.before} after={change.after} />
      <Problem text={problem} />
      <form method="dialog" class="controls">
        {write !== undefined && (
          <button type="button" class="main" disabled={isBusy} onClick={() => void make(true)}>
            Put into force and write to the file
          </button>
        )}
        <button type="button" disabled={isBusy} onClick={() => void make(false)}>
          Put into force{write !== undefined && " until the next start"}
        </button>
        <button type="submit">Cancel</button>
      </form>
    </Dialog>
  );
}
