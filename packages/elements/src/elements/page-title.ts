/** Shows in the tab how far uploads are, and that they are done while nobody looks. */

import type { Sum } from "../desk/sum.js";
import { percent } from "../words/format.js";

export interface PageTitle {
  draw(sum: Sum): void;
  /** Leaves the tab as the page made it. */
  leave(): void;
}

const prefix = /^(\d+ %|–|✓) · /;
const doneIcon =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Ccircle cx='16' cy='16' r='16' fill='%230a7444'/%3E%3Cpath d='M8 17l6 6 11-13' fill='none' stroke='%23fff' stroke-width='4'/%3E%3C/svg%3E";

export function createPageTitle(): PageTitle {
  let wasBusy = false;
  let isDone = false;
  let icon: HTMLLinkElement | undefined;

  function show(mark: string): void {
    const bare = document.title.replace(prefix, "");
    const title = mark === "" ? bare : `${mark} · ${bare}`;
    if (document.title !== title) document.title = title;
  }

  function seen(): void {
    if (document.visibilityState !== "visible") return;
    isDone = false;
    icon?.remove();
    icon = undefined;
    if (!wasBusy) show("");
  }

  document.addEventListener("visibilitychange", seen);
  return {
    draw({ canPause, fraction, batch }) {
      if (!canPause && wasBusy && document.hidden && batch.done > 0 && batch.done === batch.all) {
        isDone = true;
        icon = document.createElement("link");
        icon.rel = "icon";
        icon.href = doneIcon;
        document.head.append(icon);
      }
      wasBusy = canPause;
      show(canPause ? percent(fraction) : isDone ? "✓" : "");
    },
    leave() {
      document.removeEventListener("visibilitychange", seen);
      icon?.remove();
      show("");
    },
  };
}
