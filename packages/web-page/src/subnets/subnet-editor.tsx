/** What a subnet says, as text that is changed. */
import { useState } from "preact/hooks";
import { FormDialog } from "../form-dialog.tsx";

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
  return (
    <FormDialog title={`Change ${name}`} isChanged={typed !== text} onSubmit={() => onSubmit(typed)} onClose={onClose}>
      <label>
        What it says
        <textarea class="code" rows={20} value={typed} onInput={(event) => setTyped(event.currentTarget.value)} />
      </label>
    </FormDialog>
  );
}
