import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createWorkerPool } from "../../src/workers/pool.js";
import { ManualClock } from "../doubles/manual-clock.js";
import { inPage } from "./pool-rig.js";

// The build writes it: a file that is not there goes by its path from the repository's root.
vi.mock("/packages/core/src/workers/worker-text.js", () => ({ workerText: "" }));

inPage();

/** A page that requires trusted types, whose browser refuses to create a policy with the given message. */
function requireTrustedTypes(says: string): void {
  const createPolicy = () => {
    throw new TypeError(says);
  };
  vi.stubGlobal("trustedTypes", { createPolicy });
  refuseWorkers(new TypeError("This document requires 'TrustedScriptURL' assignment."));
}

function refuseWorkers(cause: Error): void {
  const Refused = vi.fn().mockImplementation(function refuse() {
    throw cause;
  });
  vi.stubGlobal("Worker", Refused);
}

const hintOfThePage = async () => {
  const pool = createWorkerPool({ count: 1, clock: new ManualClock(), stallTimeoutMs: 30_000 });
  const error = await pool.parseXml("<A/>").then(
    () => undefined,
    (cause: unknown) => cause as { code: string; message: string; hint: string },
  );
  expect(error?.code).toBe("worker");
  return { hint: error?.hint ?? "", message: error?.message ?? "" };
};

describe("a page that requires trusted types, and has no policy for the library, is told", () => {
  beforeEach(() => {
    vi.spyOn(URL, "createObjectURL").mockReturnValue("blob:a");
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });

  const chromium = "Failed to execute 'createPolicy' on 'TrustedTypePolicyFactory': Policy";
  const webkit = "Failed to execute 'createPolicy': Policy with name";
  const firefox =
    "TrustedTypePolicyFactory.createPolicy: Content-Security-Policy blocked creating policy named 'ossicle'";
  const allow = /trusted-types ossicle where it requires trusted types/;
  const share = /"ossicle" is taken .*load one copy of the library.*trusted-types ossicle 'allow-duplicates'/;

  it.each([
    [
      "that the name is taken, in Chromium's words",
      `${chromium} with name "ossicle" already exists.`,
      [share],
      [allow],
    ],
    ["that the name is taken, in WebKit's words", `${webkit} 'ossicle' already exists.`, [share], [allow]],
    ["that the name is not allowed, in Chromium's words", `${chromium} "ossicle" disallowed.`, [allow], [share]],
    ["that the name is not allowed, in WebKit's words", `${webkit} 'ossicle' disallowed.`, [allow], [share]],
    ["of both in Firefox, which has the same words for both", firefox, [allow, share], []],
    ["of both in a browser with words of its own", "No.", [allow, share], []],
  ])("%s", async (_, says, told, untold) => {
    requireTrustedTypes(says);

    const { hint, message } = await hintOfThePage();

    for (const words of told) expect(hint).toMatch(words);
    for (const words of untold) expect(hint).not.toMatch(words);
    expect(hint).toContain("workers.create");
    expect(message).toContain(says);
  });

  it("nothing of the policy where the worker was forbidden for another reason", async () => {
    requireTrustedTypes(`${chromium} with name "ossicle" already exists.`);
    refuseWorkers(new DOMException("Access is denied.", "SecurityError"));

    const { hint } = await hintOfThePage();

    expect(hint).toMatch(allow);
    expect(hint).not.toMatch(share);
  });
});
