/** The page: who is logged in, and which view is open. */
import { useEffect, useState } from "preact/hooks";
import { type DaemonState, loadStates } from "./daemon-state.ts";
import { type Family, SERVICE_OF } from "./lease.ts";
import { Leases } from "./leases.tsx";
import { Login } from "./login.tsx";
import { Overview } from "./overview.tsx";
import { Problem } from "./problem.tsx";
import type { Session } from "./session.ts";
import { Subnets } from "./subnets.tsx";
import { usePolled } from "./use-polled.ts";
import { useSamples } from "./use-samples.ts";

export function App() {
  const [session, setSession] = useState<Session>();
  if (session === undefined) return <Login onLogin={setSession} />;
  return <Views session={session} onLogout={() => setSession(undefined)} />;
}

const TITLES = { overview: "Overview", subnets: "Subnets", leases: "Leases" } as const;
type ViewName = keyof typeof TITLES;

interface Props {
  readonly session: Session;
  readonly onLogout: () => void;
}

function Views({ session, onLogout }: Props) {
  const open = useOpenView();
  const { value: states = [], problem } = usePolled((signal) => loadStates(session, signal), [session], 2);
  const families = familiesOf(states);
  const samples = useSamples(session, families);
  return (
    <>
      <header>
        <strong>Kotare</strong>
        <nav aria-label="Views">
          {Object.entries(TITLES).map(([name, title]) => (
            <a key={name} href={`#${name}`} aria-current={name === open ? "page" : undefined}>
              {title}
            </a>
          ))}
        </nav>
        {session.user !== "" && (
          <button type="button" onClick={onLogout}>
            Log out {session.user}
          </button>
        )}
      </header>
      <main>
        <Problem text={problem} />
        {view()}
      </main>
    </>
  );

  function view() {
    if (open === "overview") return <Overview states={states} />;
    if (families.length === 0) return <p>{states.length === 0 ? "Asking the daemons…" : "No DHCP daemon answers."}</p>;
    if (open === "leases") return <Leases session={session} families={families} />;
    return <Subnets session={session} families={families} samples={samples.value} problem={samples.problem} />;
  }
}

/** Those whose daemon answers. */
function familiesOf(states: readonly DaemonState[]): readonly Family[] {
  const up = new Set(states.filter(({ status }) => status !== undefined).map(({ service }) => service));
  return ([4, 6] as const).filter((family) => up.has(SERVICE_OF[family]));
}

/** Named behind the `#` of the address, so that links and the browser's buttons lead there. */
function useOpenView(): ViewName {
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    const follow = () => setHash(location.hash);
    addEventListener("hashchange", follow);
    return () => removeEventListener("hashchange", follow);
  }, []);
  const name = hash.slice(1);
  return Object.hasOwn(TITLES, name) ? (name as ViewName) : "overview";
}
