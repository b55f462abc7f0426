/** What a subnet says, as text that is changed. */
import { useState } from "preact/hooks";
import { Dialog } from "../dialog.tsx";
import { Problem } from "../problem.tsx";

interface Props {
  /** The subnet's. */
  readonly name: string;
  readonly text: string;
  /** Rejects with what is wrong. */
  readonly onSubmit: (text: string) => Promise<void>;
  readonly onClose: () => void;
}

export function SubnetEditor({ name, text, onSubmit, onClose }: Props) {
  const [typed, setTyped] = useState(text);
  const [problem, setProblem] = useState<string>();
  const [isBusy, setIsBusy] = useState(false);

  async function submit(event: Event): Promise<void> {
    event.preventDefault();
    setProblem(undefined);
    setIsBusy(true);
    await onSubmit(typed).catch((error: unknown) => setProblem((error as Error).message));
    setIsBusy(false);
  }

  return (
    <Dialog title={`Change ${name}`} onClose={onClose}>
      <form onSubmit={(event) => void submit(event)}>
        <label>
          What it says
          <textarea class="code" rows={20} value={typed} onInput={(event) => setTyped(event.currentTarget.value)} />
        </label>
        <Problem text={problem} />
        <div class="controls">
          <button type="submit" class="main" disabled={isBusy || typed === text}>
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
