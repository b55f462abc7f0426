/** Why files cannot be used, in words for the operator. */
import { PlainError } from "../base/plain-error.ts";

export class StorageError extends PlainError {
  override readonly name = "StorageError";
}
