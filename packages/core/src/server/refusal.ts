/** Says why the application server does not sign a request. The message is safe to show, whatever text the page sent. Pure. */
import { isUploadError, UploadError } from "../errors.js";

/** @param status the HTTP status to answer with. Default: that of the code */
export function refused(
  problem: string,
  code: "rejected" | "forbidden" = "rejected",
  status = code === "forbidden" ? 403 : 400,
): UploadError {
  return new UploadError(code, `Refused to sign: ${problem}`, { status });
}

/** @returns the HTTP status for a refusal of ours; undefined for any other error, which is the app's */
export function statusOf(error: unknown): number | undefined {
  if (!isUploadError(error)) return undefined;
  switch (error.code) {
    case "rejected":
      return error.status ?? 400;
    case "forbidden":
      return 403;
    case "server":
      return error.status;
    default:
      return undefined;
  }
}

const longest = 40;

/** Quotes a value from a page in a message: shortened, and without control characters. */
export function shown(given: unknown): string {
  if (typeof given !== "string") return Array.isArray(given) ? "a list" : given === null ? "null" : typeof given;
  const text = given.length > longest ? `${given.slice(0, longest)}…` : given;
  return `"${text.replace(/[^ -~…]/g, "?")}"`;
}
