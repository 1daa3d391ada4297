/** What the app says about its uploads, by attributes and properties. */
import type { Settings } from "../desk/settings.js";

const mostKept = 200;

export function settingsOf(host: HTMLElement, said: Pick<Settings, "keyFor" | "optionsFor">): Settings {
  const text = (name: string) => host.getAttribute(name) ?? "";
  const kept = Number(host.getAttribute("keep-finished") ?? mostKept);
  return {
    ...said,
    keyPrefix: text("key-prefix"),
    sameName: sameNameOf(text("same-name")),
    accept: text("accept"),
    multiple: host.hasAttribute("multiple"),
    scope: text("scope"),
    keepFinished: Number.isFinite(kept) ? Math.min(mostKept, Math.max(0, kept)) : mostKept,
  };
}

function sameNameOf(said: string): Settings["sameName"] {
  return said === "both" || said === "replace" || said === "skip" ? said : "ask";
}
