/** Which requests carry their body in a form. Pure. */
import type { SignableRequest } from "./signable-request.js";

/** Then the URL is the bucket's, and a field names the object. */
export function isForm({ action }: Pick<SignableRequest, "action">): boolean {
  return action === "PostObject";
}
