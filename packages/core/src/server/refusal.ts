/** Why the server half does not sign: in words that may go back to the page, whatever the page had written. Pure. */
import { isUploadError, UploadError } from "../errors.js";

/** @param status what the handler answers, where the code alone does not say it */
export function refused(problem: string, code: "rejected" | "forbidden" = "rejected", status?: number): UploadError {
  return new UploadError(code, `Refused to sign: ${problem}`, { status });
}

/** @returns undefined for what is no refusal of ours, but trouble of the app or a mistake in its options */
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

/** Something that a page wrote, for a message: short, and without what could break a line or a terminal. */
export function shown(given: unknown): string {
  if (typeof given !== "string") return Array.isArray(given) ? "a list" : given === null ? "null" : typeof given;
  const text = given.length > longest ? `${given.slice(0, longest)}…` : given;
  return `"${text.replace(/[^ -~…]/g, "?")}"`;
}
