import { afterEach, expect, test, vi } from "vitest";
import { broadcastChannels } from "./channels.js";

afterEach(() => vi.unstubAllGlobals());

class Refusing {
  constructor() {
    throw new DOMException("This document may not", "SecurityError");
  }
}
class Closing extends EventTarget {
  postMessage() {
    throw new DOMException("The channel is closed", "InvalidStateError");
  }
  close() {
    // Nothing is open.
  }
}

test.each<[string, unknown]>([
  ["has no BroadcastChannel", undefined],
  ["may not open one", Refusing],
  ["is going away", Closing],
])("a page that %s tells nobody, hears nothing, and goes on", (_what, channel) => {
  vi.stubGlobal("BroadcastChannel", channel);
  const channels = broadcastChannels();
  const heard = vi.fn();

  const unlisten = channels.listen("name", heard);
  channels.tell("name", "message");
  unlisten();

  expect(heard).not.toHaveBeenCalled();
});

/** As a browser's: what one tells, all others of the name hear. */
class Counted extends EventTarget {
  static readonly open = new Set<Counted>();
  static opened = 0;
  readonly #name: string;

  constructor(name: string) {
    super();
    this.#name = name;
    Counted.opened += 1;
    Counted.open.add(this);
  }

  postMessage(data: unknown) {
    for (const other of Counted.open) {
      if (other !== this && other.#name === this.#name) other.dispatchEvent(new MessageEvent("message", { data }));
    }
  }

  close() {
    Counted.open.delete(this);
  }
}

test("whoever tells of a hundred files opens one channel, and only those that wait for a file hear of it", () => {
  vi.stubGlobal("BroadcastChannel", Counted);
  const [here, there] = [broadcastChannels(), broadcastChannels()];
  const heard = vi.fn();
  const unlisten = [here, there].map((channels) => channels.listen("file 7", heard));
  Counted.opened = 0;

  const ends = Array.from({ length: 100 }, (_, index) => {
    const tellNoMore = here.keepOpen();
    here.tell(`file ${index}`, `of ${index}`);
    return tellNoMore;
  });

  expect(heard.mock.calls).toEqual([["of 7"], ["of 7"]]);
  expect(Counted.opened).toBe(1);
  for (const end of [...ends, ...unlisten]) end();
  expect(Counted.open.size).toBe(0);
  here.tell("file 7", "afterwards");
  expect(Counted.open.size).toBe(0);
});
