/** The configuration of a daemon: to read, and to change where one may. */
import { useEffect, useRef, useState } from "preact/hooks";
import { Problem } from "../problem.tsx";
import type { Service, Session } from "../session.ts";
import { usePolled } from "../use-polled.ts";
import { type Change, checkConfig, configChange, loadConfigText } from "./change/change.ts";
import { ChangeDialog } from "./change/change-dialog.tsx";
import { readFaults } from "./change/fault-place.ts";
import { Faults } from "./change/faults.tsx";
import { Editor, type EditorHandle } from "./editor/editor.tsx";

interface Props {
  readonly session: Session;
  /** Those that answer. */
  readonly services: readonly Service[];
}

/** What has become of the last button, good or bad. */
interface Outcome {
  readonly isGood: boolean;
  readonly text: string;
}

const WRITTEN = "This configuration is in force and in the file.";
const IN_FORCE = "This configuration is in force. It is not in the file yet.";
const GOOD = "This configuration is good. It is not in force yet.";

export function Configuration({ session, services }: Props) {
  const [service, setService] = useState<Service>(services[0]!);
  const [loads, setLoads] = useState(0);
  const [isChanged, setIsChanged] = useState(false);
  const [outcome, setOutcome] = useState<Outcome>();
  const [change, setChange] = useState<Change>();
  const [sought, setSought] = useState("");
  const editor = useRef<EditorHandle>(undefined);
  const { value: loaded, problem } = usePolled(
    async (signal) => ({ service, text: await loadConfigText(session, service, signal) }),
    [service, loads],
  );
  // While another daemon's is on its way, the last one's is no longer shown.
  const running = loaded?.service === service ? loaded.text : undefined;

  useEffect(() => setOutcome(undefined), [service]);
  useEffect(() => setIsChanged(false), [running]);

  async function run(command: () => Promise<string | undefined>): Promise<void> {
    setOutcome(undefined);
    editor.current?.mark([]);
    try {
      const text = await command();
      if (text !== undefined) setOutcome({ isGood: true, text });
    } catch (error) {
      const { message } = error as Error;
      setOutcome({ isGood: false, text: message });
      editor.current?.mark(readFaults(message, 1));
    }
  }

  async function check(): Promise<string> {
    await checkConfig(session, service, editor.current!.text);
    return GOOD;
  }

  async function propose(): Promise<undefined> {
    const { text } = editor.current!;
    await checkConfig(session, service, text);
    setChange(configChange(session, service, running!, text));
  }

  async function write(): Promise<string> {
    await session.ask(service, "config-write");
    return WRITTEN;
  }

  function done(isWritten: boolean): void {
    setChange(undefined);
    setLoads(loads + 1);
    setOutcome({ isGood: true, text: isWritten ? WRITTEN : IN_FORCE });
  }

  function find(event: Event): void {
    event.preventDefault();
    if (editor.current?.find(sought) === true) editor.current.focus();
    else setOutcome({ isGood: false, text: `${sought} is not in the text.` });
  }

  const isThere = running !== undefined;
  return (
    <>
      <h2>Configuration</h2>
      <div class="controls">
        <label>
          Daemon
          <select value={service} onChange={(event) => setService(event.currentTarget.value as Service)}>
            {services.map((each) => (
              <option key={each}>{each}</option>
            ))}
          </select>
        </label>
        <form class="search" onSubmit={find}>
          <label>
            Find
            <input type="search" value={sought} onInput={(event) => setSought(event.currentTarget.value)} />
          </label>
        </form>
        <button type="button" disabled={!isChanged} onClick={() => editor.current?.show(running ?? "")}>
          Undo all
        </button>
        <button type="button" disabled={!isThere} onClick={() => void run(check)}>
          Check
        </button>
        <button type="button" class="main" disabled={!isChanged} onClick={() => void run(propose)}>
          Apply…
        </button>
        <button type="button" disabled={!isThere || isChanged} onClick={() => void run(write)}>
          Write to the file
        </button>
      </div>
      <Problem text={problem} />
      {outcome?.isGood === true && <output class="good">{outcome.text}</output>}
      {outcome?.isGood === false && <Faults text={outcome.text} onGo={goTo} />}
      {isThere && (
        <>
          <p class="hint">
            {isChanged ? "Changed, not in force." : "In force."} Ctrl and space propose what may be written.
          </p>
          <Editor handle={editor} service={service} text={running} onChange={setIsChanged} />
        </>
      )}
      {change !== undefined && <ChangeDialog change={change} onClose={() => setChange(undefined)} onDone={done} />}
    </>
  );

  function goTo(fault: Parameters<EditorHandle["goTo"]>[0]): void {
    editor.current?.goTo(fault);
    editor.current?.focus();
  }
}
