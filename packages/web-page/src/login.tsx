/** The login: the daemons' own users, as `control-sockets` names them. */
import { useEffect, useState } from "preact/hooks";
import { Problem } from "./problem.tsx";
import { LoginWanted, Refused, SERVICES, Session } from "./session.ts";

export function Login({ onLogin }: { readonly onLogin: (session: Session) => void }) {
  const [user, setUser] = useState("");
  const [password, setPassword] = useState("");
  const [problem, setProblem] = useState<string>();

  async function enter(session: Session, refused: string | undefined): Promise<void> {
    try {
      await session.askAll(SERVICES, "version-get");
    } catch (error) {
      // Who may not ask for the version has logged in all the same.
      if (!(error instanceof Refused))
        return setProblem(error instanceof LoginWanted ? refused : (error as Error).message);
    }
    onLogin(session);
  }

  useEffect(() => {
    // Without authentication there is no login to ask for.
    void enter(new Session("", ""), undefined);
  }, []);

  function submit(event: Event): void {
    event.preventDefault();
    void enter(new Session(user, password), "The name or the password is wrong.");
  }

  return (
    <main class="login">
      <h1>Kotare</h1>
      <form onSubmit={submit}>
        <label>
          Name
          <input
            name="user"
            autocomplete="username"
            required
            value={user}
            onInput={(e) => setUser(e.currentTarget.value)}
          />
        </label>
        <label>
          Password
          <input
            name="password"
            type="password"
            autocomplete="current-password"
            value={password}
            onInput={(e) => setPassword(e.currentTarget.value)}
          />
        </label>
        <button type="submit">Log in</button>
        <Problem text={problem} />
        {isPlain() && <p class="problem">This connection is not encrypted: others may read the password.</p>}
        <p class="hint">You stay logged in until this page is closed or loaded again.</p>
      </form>
    </main>
  );
}

/** Whether the password leaves the host without TLS. */
function isPlain(): boolean {
  return location.protocol === "http:" && !/^(localhost|127\..*|\[::1\])$/.test(location.hostname);
}
