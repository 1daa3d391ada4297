/** What stands below a row: why it does not move, and the button that makes it. */
import { isUploadError } from "@ossicle/core";
import type { Row, UploadRows } from "@ossicle/kit";
import { Button } from "antd";
import type { Words } from "./words.js";

interface Shown {
  readonly text?: string;
  readonly button?: { readonly label: string; readonly act: () => void };
}

export function RowActions({
  row,
  rows,
  words,
}: {
  readonly row: Row;
  readonly rows: UploadRows;
  readonly words: Words;
}) {
  const { text, button } = shownOf(row, rows, words);
  if (text === undefined && button === undefined) return null;
  return (
    <div style={{ display: "flex", alignItems: "center", justifyContent: "flex-end", gap: 8 }}>
      {text}
      {button && (
        <Button type="link" size="small" aria-label={`${button.label} ${row.name}`} onClick={button.act}>
          {button.label}
        </Button>
      )}
    </div>
  );
}

function shownOf(row: Row, rows: UploadRows, words: Words): Shown {
  if (row.kind === "refused") return {};
  if (row.kind === "unfinished") {
    const { active, fraction, problem } = row.unfinished;
    if (active) return { text: words.inOtherTab };
    const left = words.unfinished(Math.floor(fraction * 100));
    const text =
      problem === null
        ? left
        : isUploadError(problem) && problem.code === "file-changed"
          ? words.otherFile
          : problem.message;
    return { text, button: { label: words.goOn, act: () => rows.goOn(row) } };
  }
  const { state, upload } = row;
  const resume = (label: string) => ({ label, act: () => upload.resume() });
  switch (state.phase) {
    case "completed":
    case "cancelled":
    case "completing":
      return {};
    case "failed":
      return { text: state.error.message, button: resume(words.retry) };
    case "paused":
    case "stopped":
      return { text: words.paused, button: resume(words.resume) };
    default:
      return {
        ...waitingText(state.waiting?.reason, words),
        button: { label: words.pause, act: () => upload.pause() },
      };
  }
}

function waitingText(reason: string | undefined, { offline, inOtherTab }: Words): Shown {
  if (reason === "offline") return { text: offline };
  return reason === "other-tab" ? { text: inOtherTab } : {};
}
