/** What may go wrong between a page and its bucket, at the push of a button: the demo's server does it to the local OSS. */

import { byId, setAttribute, setText, setVisible } from "../../elements/element.js";
import { askServer } from "../../upload/demo-server.js";
import { grouped } from "../../words/count.js";
import { formatBytes, formatRate } from "../../words/format.js";
import { onLanguage, words } from "../../words/language.js";
import type { Page } from "../page.js";
import type { Counts } from "./survival.js";
import { killWorker } from "./worker-watch.js";

/** What `GET /api/trouble` answers. */
interface Trouble {
  /** null: as fast as it goes. */
  readonly bytesPerSecond: number | null;
  readonly cut: boolean;
  readonly listingForbidden: boolean;
}

export interface FaultPanel {
  /** Resolves when the controls show what is broken already. */
  readonly ready: Promise<void>;
  draw(counts: Counts): void;
}

/** Happen once, when they are asked for. */
const strikes = { storm: "stormDone", loseAnswers: "loseAnswersDone", corrupt: "corruptDone" } as const;

/**
 * For tests: [data-testid=speed] (a select of bytes per second, "" for full speed), the switches [data-testid=cut] and
 * [data-testid=forbid-listing] (aria-pressed), the buttons "Storm of 503", "Lose 3 answers", "Corrupt a part", "Expire the
 * token", "Kill a worker", "Reload now", and the counts [data-testid=survived], [data-testid=twice].
 */
export function wireFaults(page: Page, onReload: () => void): FaultPanel {
  const panel = byId("faults", HTMLElement);
  const onlyLocal = byId("faults-only-local", HTMLElement);
  const controls = byId("fault-controls", HTMLFieldSetElement);
  const speed = byId("speed", HTMLSelectElement);
  const cut = byId("cut", HTMLButtonElement);
  const forbidListing = byId("forbid-listing", HTMLButtonElement);
  const done = byId("fault-done", HTMLElement);
  let doneWords = () => words().faults.hint;

  const say = (sentence: () => string) => {
    doneWords = sentence;
    setText(done, sentence());
  };
  onLanguage(() => say(doneWords));

  function show(trouble: Trouble): void {
    speed.value = trouble.bytesPerSecond === null ? "" : String(trouble.bytesPerSecond);
    setAttribute(cut, "aria-pressed", String(trouble.cut));
    setAttribute(forbidListing, "aria-pressed", String(trouble.listingForbidden));
  }

  /** A button and what it does; what happened is said below, politely. */
  function wire(button: HTMLButtonElement, act: () => Promise<() => string>): void {
    button.addEventListener("click", () => {
      act().then(say, page.showError);
    });
  }

  speed.addEventListener("change", () => {
    const bytesPerSecond = speed.value === "" ? null : Number(speed.value);
    send<Trouble>("PUT", "/api/trouble", { bytesPerSecond }).then((trouble) => {
      show(trouble);
      say(() => {
        const { faults } = words();
        return bytesPerSecond === null ? faults.speedFullDone : faults.speedDone(formatRate(bytesPerSecond));
      });
    }, page.showError);
  });
  wire(cut, async () => {
    const trouble = await send<Trouble>("PUT", "/api/trouble", { cut: cut.getAttribute("aria-pressed") !== "true" });
    show(trouble);
    return () => (trouble.cut ? words().faults.cutDone : words().faults.restored);
  });
  wire(forbidListing, async () => {
    const listingForbidden = forbidListing.getAttribute("aria-pressed") !== "true";
    show(await send<Trouble>("PUT", "/api/trouble", { listingForbidden }));
    return () => (listingForbidden ? words().faults.forbidListingDone : words().faults.listingAllowed);
  });
  for (const [strike, sentence] of Object.entries(strikes)) {
    wire(byId(strike, HTMLButtonElement), async () => {
      await send("POST", "/api/strikes", { strike });
      return () => words().faults[sentence];
    });
  }
  wire(byId("expireToken", HTMLButtonElement), async () => {
    await send("POST", "/api/expire-tokens");
    return () => words().faults.expireTokenDone;
  });
  wire(byId("kill-worker", HTMLButtonElement), async () => {
    const killed = killWorker();
    return () => (killed > 0 ? words().faults.killWorkerDone(killed) : words().faults.noWorker);
  });
  byId("reload", HTMLButtonElement).addEventListener("click", () => {
    onReload();
    location.reload();
  });

  function showPlace(): void {
    controls.disabled = !page.place.isLocal;
    setVisible(onlyLocal, !page.place.isLocal);
  }

  page.onPlace(showPlace);
  showPlace();
  say(doneWords);
  // Another tab may have changed it.
  const refresh = () => askServer<Trouble>("/api/trouble").then(show);
  window.addEventListener("focus", () => {
    refresh().catch(page.showError);
  });

  return {
    ready: refresh(),
    draw({ survived, bytesTwice }) {
      setText(byId("survived", HTMLElement), grouped(survived));
      setText(byId("twice", HTMLElement), formatBytes(bytesTwice));
      panel.classList.toggle("has-survived", survived > 0);
    },
  };
}

function send<Answer>(method: "PUT" | "POST", url: string, body: unknown = {}): Promise<Answer> {
  return askServer(url, { method, headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
}
