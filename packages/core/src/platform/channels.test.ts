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
