/** "Make it hard": a button for each thing that can go wrong between a page and its bucket. The demo's server does it to the local OSS. */

import { formatBytes, formatRate } from "@ossicle/elements";
import { setAttribute, setText, setVisible } from "@ossicle/elements/dom/element.js";
import { grouped } from "@ossicle/elements/words/count.js";
import { byId } from "../../elements/element.js";
import { askServer } from "../../upload/demo-server.js";
import { onLanguage, words } from "../../words/language.js";
import type { Page } from "../page.js";
import type { Counts } from "./survival.js";
import { killWorker } from "./worker-watch.js";

/** What `GET /api/trouble` answers: what stays broken until it is changed. */
interface Trouble {
  /** null: not limited. */
  readonly bytesPerSecond: number | null;
  readonly cut: boolean;
  readonly listingForbidden: boolean;
}

export interface FaultPanel {
  /** Resolves when the controls show what is broken at the moment. */
  readonly ready: Promise<void>;
  draw(counts: Counts): void;
}

/** Each strikes once when its button is pressed; then this sentence is shown. */
const strikes = { storm: "stormDone", loseAnswers: "loseAnswersDone", corrupt: "corruptDone" } as const;

/**
 * For tests: [data-testid=speed] (a select of bytes per second, "" for full speed), the switches [data-testid=cut] and
 * [data-testid=forbid-listing] (aria-pressed), the buttons "Storm of 503", "Lose 3 answers", "Corrupt a part", "Expire the
 * token", "Kill a worker", "Reload now", and the counts [data-testid=thrown],
 * [data-testid=survived], [data-testid=twice].
 */
/** @param onThrown the visitor has broken something */
export function wireFaults(page: Page, onThrown: () => void): FaultPanel {
  const say = createSay();
  const wire: Wire = (node, event, act) => {
    node.addEventListener(event, () => {
      act().then(say, page.showError);
    });
  };
  const showTrouble = wireTrouble(wire, onThrown);
  wireStrikes(wire, onThrown);
  byId("reload", HTMLButtonElement).addEventListener("click", () => {
    onThrown();
    location.reload();
  });

  const showPlace = () => {
    byId("fault-controls", HTMLFieldSetElement).disabled = !page.place.isLocal;
    setVisible(byId("faults-only-local", HTMLElement), !page.place.isLocal);
  };
  page.onPlace(showPlace);
  showPlace();
  // Another tab may have changed it.
  const refresh = () => askServer<Trouble>("/api/trouble").then(showTrouble);
  window.addEventListener("focus", () => {
    refresh().catch(page.showError);
  });

  return {
    ready: refresh(),
    draw({ thrown, survived, bytesTwice }) {
      setText(byId("thrown", HTMLElement), grouped(thrown));
      setText(byId("survived", HTMLElement), grouped(survived));
      setText(byId("twice", HTMLElement), formatBytes(bytesTwice));
      byId("faults", HTMLElement).classList.toggle("has-survived", survived > 0);
    },
  };
}

/** In the language of the moment. */
type Sentence = () => string;

/** Connects a control with what it does. `act` resolves with the sentence that says what has happened. */
type Wire = (node: HTMLElement, event: "click" | "change", act: () => Promise<Sentence>) => void;

/** Shows the last sentence below the buttons, where screen readers hear it, and translates it with the page. */
function createSay(): (sentence: Sentence) => void {
  const done = byId("fault-done", HTMLElement);
  let shown: Sentence = () => words().faults.hint;
  const say = (sentence: Sentence) => {
    shown = sentence;
    setText(done, sentence());
  };
  onLanguage(() => say(shown));
  say(shown);
  return say;
}

/** What stays broken until it is changed: the speed, and two switches. @returns what shows the state of all three */
function wireTrouble(wire: Wire, onThrown: () => void): (trouble: Trouble) => void {
  const speed = byId("speed", HTMLSelectElement);
  const cut = byId("cut", HTMLButtonElement);
  const forbidListing = byId("forbid-listing", HTMLButtonElement);
  const isPressed = (button: HTMLButtonElement) => button.getAttribute("aria-pressed") === "true";

  function show(trouble: Trouble): void {
    speed.value = trouble.bytesPerSecond === null ? "" : String(trouble.bytesPerSecond);
    setAttribute(cut, "aria-pressed", String(trouble.cut));
    setAttribute(forbidListing, "aria-pressed", String(trouble.listingForbidden));
  }

  const change = async (wanted: Partial<Trouble>) => show(await send<Trouble>("PUT", "/api/trouble", wanted));
  wire(speed, "change", async () => {
    const bytesPerSecond = speed.value === "" ? null : Number(speed.value);
    await change({ bytesPerSecond });
    return () => {
      const { faults } = words();
      return bytesPerSecond === null ? faults.speedFullDone : faults.speedDone(formatRate(bytesPerSecond));
    };
  });
  wire(cut, "click", async () => {
    const isCut = !isPressed(cut);
    await change({ cut: isCut });
    if (isCut) onThrown();
    return () => (isCut ? words().faults.cutDone : words().faults.restored);
  });
  wire(forbidListing, "click", async () => {
    const listingForbidden = !isPressed(forbidListing);
    await change({ listingForbidden });
    if (listingForbidden) onThrown();
    return () => (listingForbidden ? words().faults.forbidListingDone : words().faults.listingAllowed);
  });
  return show;
}

/** What happens once. */
function wireStrikes(wire: Wire, onThrown: () => void): void {
  for (const [strike, sentence] of Object.entries(strikes)) {
    wire(byId(strike, HTMLButtonElement), "click", async () => {
      await send("POST", "/api/strikes", { strike });
      onThrown();
      return () => words().faults[sentence];
    });
  }
  wire(byId("expireToken", HTMLButtonElement), "click", async () => {
    await send("POST", "/api/expire-tokens");
    onThrown();
    return () => words().faults.expireTokenDone;
  });
  wire(byId("kill-worker", HTMLButtonElement), "click", async () => {
    const killed = killWorker();
    if (killed > 0) onThrown();
    return () => (killed > 0 ? words().faults.killWorkerDone(killed) : words().faults.noWorker);
  });
}

function send<Answer>(method: "PUT" | "POST", url: string, body: unknown = {}): Promise<Answer> {
  return askServer(url, { method, headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
}
