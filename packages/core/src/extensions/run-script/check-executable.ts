/** Whether a program can be called. */
import { accessSync, constants, statSync } from "node:fs";

/** @throws Error in words for the operator */
export function checkExecutable(path: string): void {
  try {
    accessSync(path, constants.X_OK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const fix = code === "EACCES" ? `make it executable: chmod +x ${path}` : "check the path";
    throw new Error(`${path} cannot be called (${code}); ${fix}`);
  }
  if (!statSync(path).isFile()) throw new Error(`${path} cannot be called: it is no file; check the path`);
}
