/** A button that puts a text on the clipboard and says so, on itself and to screen readers. */
import { setText, worded } from "../elements/element.js";
import { type WordKey, wordOf, words } from "../words/language.js";

export interface CopyButtonOptions {
  /** What stands on it. Default: "Copy". */
  readonly label?: WordKey;
  /** Its accessible name, where "Copy" alone does not say what. */
  readonly name?: WordKey;
  readonly text: () => string;
  readonly announce: (sentence: string) => void;
}

const saidForMs = 2000;

export function createCopyButton({ label = "copying.copy", name, text, announce }: CopyButtonOptions) {
  const button = worded("button", label, { type: "button", class: "button button-quiet copy" });
  let restoring: ReturnType<typeof setTimeout> | undefined;
  if (name !== undefined) {
    button.setAttribute("data-words-label", name);
    button.setAttribute("aria-label", wordOf(name));
  }

  function say(sentence: string): void {
    setText(button, sentence);
    announce(sentence);
    clearTimeout(restoring);
    restoring = setTimeout(() => setText(button, wordOf(label)), saidForMs);
  }

  button.addEventListener("click", () => {
    navigator.clipboard.writeText(text()).then(
      () => say(words().copying.copied),
      () => say(words().copying.failed),
    );
  });
  return button;
}
