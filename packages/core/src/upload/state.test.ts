import { describe, expect, test } from "vitest";
import type { UploadResult, UploadState } from "../api/upload.js";
import { UploadError } from "../errors.js";
import { initialState, isSettled, nothingYet, transition, type UploadEvent } from "./state.js";

const error = new UploadError("network", "no answer");
const result = { key: "k" } as UploadResult;
const events: Record<UploadEvent["type"], UploadEvent> = {
  queued: { type: "queued", resumable: true },
  started: { type: "started" },
  prepared: { type: "prepared" },
  "all-stored": { type: "all-stored" },
  contradicted: { type: "contradicted" },
  progressed: { type: "progressed", progress: { ...nothingYet, storedBytes: 5, sentBytes: 9 } },
  waiting: { type: "waiting", waiting: { reason: "offline" } },
  resumable: { type: "resumable", resumable: true },
  paused: { type: "paused" },
  stopped: { type: "stopped" },
  cancelled: { type: "cancelled" },
  failed: { type: "failed", error },
  finished: { type: "finished", result },
};
const after = (...types: UploadEvent["type"][]): UploadState =>
  types.reduce((state, type) => transition(state, events[type]), initialState(nothingYet));

describe("the state of an upload", () => {
  test.each<[UploadState["phase"], UploadEvent["type"][]]>([
    ["preparing", ["started"]],
    ["uploading", ["started", "prepared"]],
    ["completing", ["started", "prepared", "all-stored"]],
    ["preparing", ["started", "prepared", "all-stored", "contradicted"]],
    ["completed", ["started", "prepared", "all-stored", "finished"]],
    ["completed", ["started", "finished"]],
    ["queued", ["started", "failed", "queued"]],
    ["preparing", ["started", "prepared", "paused", "queued", "started"]],
    ["cancelled", ["started", "paused", "cancelled"]],
    ["stopped", ["started", "stopped"]],
  ])("is %s after %s", (phase, types) => {
    expect(after(...types).phase).toBe(phase);
  });

  test.each<[string, UploadEvent["type"][], UploadEvent["type"]]>([
    ["a completed upload takes no event", ["started", "finished"], "queued"],
    ["a cancelled upload takes no event", ["cancelled"], "queued"],
    ["bytes do not move while paused", ["started", "paused"], "progressed"],
    ["nothing is complete before it began", [], "finished"],
  ])("%s", (_rule, types, next) => {
    expect(() => transition(after(...types), events[next])).toThrow(`Event "${next}"`);
  });

  test("what was in flight is forgotten at rest, what is stored stays", () => {
    const state = after("started", "prepared", "progressed", "paused");

    expect(state.progress).toMatchObject({ storedBytes: 5, sentBytes: 5, bytesPerSecond: 0, secondsLeft: null });
  });

  test.each<UploadEvent["type"]>(["paused", "stopped", "cancelled", "failed", "finished"])(
    "nothing waits after %s, and an app reads so without asking for the phase",
    (type) => {
      expect(after("started", "waiting", type).waiting).toBeNull();
    },
  );

  test("a reason to wait ends with the phase it belonged to", () => {
    expect(after("started", "waiting")).toMatchObject({ waiting: { reason: "offline" } });
    expect(after("started", "waiting", "prepared")).toMatchObject({ waiting: null });
  });

  test("an upload is resumable from when its checkpoint is written, in every phase of its work, and goes on as what it was", () => {
    const lost = transition(after("started", "resumable"), { type: "resumable", resumable: false });

    expect(after("started")).toMatchObject({ resumable: false });
    expect(after("started", "resumable", "prepared", "all-stored")).toMatchObject({ resumable: true });
    expect(transition(lost, events.prepared)).toMatchObject({ resumable: false });
    expect(after("started", "paused", "queued")).toMatchObject({ resumable: true });
  });

  test("failed, stopped, completed and cancelled are settled; paused is not", () => {
    expect(isSettled(after("started", "failed"))).toBe(true);
    expect(isSettled(after("started", "paused"))).toBe(false);
  });
});
