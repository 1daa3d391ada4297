import { expect, test } from "vitest";
import { UploadError } from "../../errors.js";
import type { ByteWorkers } from "../../workers/byte-workers.js";
import { ossPlace } from "../oss/addressing.js";
import { serviceClock } from "./service-clock.js";
import { unreadableAnswers } from "./unreadable.js";

type Event = "lost" | "lost offline" | "answered";
/** What becomes of an unsigned request: a dead network, or an answer with the right Date, another Date or a hidden Date. */
type Unsigned = "nothing" | "same time" | "another time" | "no time";

const now = Date.UTC(2026, 0, 1);
const hour = 3_600_000;
const { signal } = new AbortController();

async function after(events: readonly Event[], ...unsigned: readonly Unsigned[]) {
  const clock = serviceClock(() => now, 900_000);
  let asked = 0;
  let renewed = 0;
  let online = true;
  const send: ByteWorkers["send"] = async () => {
    const meets = unsigned[Math.min(asked, unsigned.length - 1)];
    asked += 1;
    if (meets === "nothing") throw new UploadError("network", "no answer");
    const dateMs = meets === "another time" ? now + hour : now;
    const headers: Record<string, string> = meets === "no time" ? {} : { date: new Date(dateMs).toUTCString() };
    return { status: 403, headers, body: "", elsewhere: false };
  };
  const answers = unreadableAnswers({
    place: ossPlace({ region: "cn-hangzhou", bucket: "demo" }),
    clock,
    tools: { workers: { send } as ByteWorkers, stallTimeoutMs: 1000, online: () => online },
    renew: () => {
      renewed += 1;
    },
  });
  let said = false;
  for (const event of events) {
    online = event !== "lost offline";
    if (event === "answered") answers.answered();
    else said = await answers.lost({ signal });
  }
  return { asked, renewed, learnt: clock.offsetMs !== 0, said };
}

test.each<[string, readonly Event[], readonly Unsigned[], object]>([
  ["one", ["lost"], ["same time"], { asked: 0, renewed: 0, learnt: false, said: false }],
  ["two, the time is right", ["lost", "lost"], ["same time"], { asked: 1, renewed: 1, learnt: false, said: true }],
  ["two, no time is told", ["lost", "lost"], ["no time"], { asked: 1, renewed: 1, learnt: false, said: true }],
  ["two, the time is wrong", ["lost", "lost"], ["another time"], { asked: 1, renewed: 0, learnt: true, said: true }],
  ["two with a good one between", ["lost", "answered", "lost"], ["same time"], { asked: 0, renewed: 0, said: false }],
  ["many", ["lost", "lost", "lost", "lost", "lost"], ["same time"], { asked: 1, renewed: 1, said: true }],
  [
    "two, twice",
    ["lost", "lost", "answered", "lost", "lost"],
    ["same time", "same time"],
    { asked: 2, renewed: 2, said: true },
  ],
  ["two in a dead network", ["lost", "lost"], ["nothing"], { asked: 1, renewed: 0, learnt: false, said: false }],
  [
    "four, of which two in a dead network",
    ["lost", "lost", "lost", "lost"],
    ["nothing", "same time"],
    { asked: 2, renewed: 1, said: true },
  ],
  ["two offline", ["lost offline", "lost offline"], ["same time"], { asked: 0, renewed: 0, said: false }],
  [
    "four, of which two offline",
    ["lost offline", "lost offline", "lost", "lost"],
    ["same time"],
    { asked: 1, renewed: 1, said: true },
  ],
])("after answers that nobody could read: %s", async (_, events, unsigned, expected) => {
  expect(await after(events, ...unsigned)).toMatchObject(expected);
});
