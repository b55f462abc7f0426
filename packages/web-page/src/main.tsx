/** The web page of the daemons of a host. */
import { render } from "preact";
import { App } from "./app.tsx";

render(<App />, document.body);
