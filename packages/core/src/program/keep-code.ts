/** Runs a daemon once, when it is built, and keeps its code as it is compiled then. */
import { Bundle } from "./bundle.ts";

const bundle = new Bundle(import.meta.dirname);
process.once("exit", () => bundle.keep());
bundle.run();
