/** Makes the browser ask before the page is left. The listener is there only while it is needed: it costs the page its back/forward cache. */
import type { Toggle } from "./wake-lock.js";

export function leaveQuestion(): Toggle {
  let on = false;
  const ask = (event: BeforeUnloadEvent) => event.preventDefault();
  return {
    set(wanted) {
      if (wanted === on) return;
      on = wanted;
      if (on) addEventListener("beforeunload", ask);
      else removeEventListener("beforeunload", ask);
    },
  };
}
