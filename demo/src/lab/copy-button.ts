/** A button that copies a text to the clipboard and then says so: on itself for two seconds, and to screen readers. */
import { setText } from "@ossicle/elements/dom/element.js";
import { worded } from "../elements/element.js";
import { type WordKey, wordOf, words } from "../words/language.js";

export interface CopyButtonOptions {
  /** The text on the button. Default: "Copy". */
  readonly label?: WordKey;
  /** The accessible name, if "Copy" alone does not say what is copied. Default: the label. */
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
