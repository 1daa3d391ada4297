/** Makes the browser ask before the user leaves the page. Listens only while needed: the listener keeps the page out of the back/forward cache. */
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
