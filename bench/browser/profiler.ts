/** CPU profiles of a page and of the workers that it starts. */
import type { Tab } from "./chromium.js";
import type { Session, Value } from "./pipe.js";

export interface Profile {
  /** "page", "worker 1", … */
  readonly thread: string;
  /** As DevTools opens it. */
  readonly content: Value;
}

const intervalMicroseconds = 500;

/** @returns how to stop, and what was seen until then */
export async function startProfiler(tab: Tab): Promise<() => Promise<readonly Profile[]>> {
  const threads: { readonly thread: string; readonly session: Session; readonly started: Promise<void> }[] = [];
  const add = (thread: string, session: Session): void => {
    const started = (async () => {
      await session.send("Profiler.enable");
      await session.send("Profiler.setSamplingInterval", { interval: intervalMicroseconds });
      await session.send("Profiler.start");
    })();
    threads.push({ thread, session, started });
  };
  tab.session.on("Target.attachedToTarget", ({ sessionId, targetInfo }) => {
    if (targetInfo.type === "worker") add(`worker ${threads.length}`, tab.below(sessionId));
  });
  add("page", tab.session);
  await tab.session.send("Target.setAutoAttach", { autoAttach: true, waitForDebuggerOnStart: false, flatten: true });
  await threads[0]?.started;
  return async () => {
    const profiles: Profile[] = [];
    for (const { thread, session, started } of threads) {
      await started;
      profiles.push({ thread, content: (await session.send("Profiler.stop")).profile });
    }
    return profiles;
  };
}

/** Functions by the time that was spent in themselves, most first; milliseconds. */
export function selfTimes({ content }: Profile): readonly { readonly name: string; readonly ms: number }[] {
  const nameOf = new Map<number, string>();
  for (const { id, callFrame } of content.nodes) {
    const file = String(callFrame.url).replace(/^.*\//, "");
    nameOf.set(id, `${callFrame.functionName || "(anonymous)"} ${file}:${callFrame.lineNumber + 1}`);
  }
  const times = new Map<string, number>();
  content.samples.forEach((id: number, i: number) => {
    const name = nameOf.get(id) ?? "(unknown)";
    times.set(name, (times.get(name) ?? 0) + content.timeDeltas[i] / 1000);
  });
  return [...times].map(([name, ms]) => ({ name, ms })).sort((a, b) => b.ms - a.ms);
}
