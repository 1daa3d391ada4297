/** A labelled field with a word of help below it, and in its place, when there is one, what is wrong. */
import { element, setAttribute, setText, setVisible, worded } from "../../elements/element.js";
import { onLanguage, type WordKey, words } from "../../words/language.js";
import type { FieldName, FieldProblem } from "./field-problem.js";

export interface FormField {
  readonly element: HTMLElement;
  readonly control: HTMLInputElement | HTMLTextAreaElement;
  /** undefined takes it away. */
  complain(problem: FieldProblem | undefined): void;
}

export interface FormFieldOptions {
  readonly name: FieldName;
  readonly help?: WordKey;
  readonly placeholder?: string;
  readonly list?: string;
  /** A secret or long text has a box of several lines. */
  readonly lines?: number;
}

/** For tests: [data-testid=own-field-{name}], own-field-{name}-error. */
export function createFormField(options: FormFieldOptions): FormField {
  const { name, help, placeholder = "", list, lines } = options;
  const ids = { control: `own-field-${name}`, help: `own-field-${name}-help`, error: `own-field-${name}-error` };
  // Nothing of it is to be remembered by the browser either, which would fill it in after a reload.
  const plain = { autocomplete: "off", autocapitalize: "off", autocorrect: "off", spellcheck: "false" };
  const attributes = { ...plain, id: ids.control, placeholder, "data-testid": ids.control };
  const control =
    lines === undefined
      ? element("input", { ...attributes, type: "text", ...(list && { list }) })
      : element("textarea", { ...attributes, rows: String(lines) });
  const note = help === undefined ? element("p", {}) : worded("p", help);
  note.id = ids.help;
  note.className = "form-help";
  const error = element("p", { id: ids.error, class: "form-error", hidden: "", "data-testid": ids.error });
  const label = worded("label", `ownBucket.${name}`, { for: ids.control });
  let problem: FieldProblem | undefined;

  function draw(): void {
    setText(error, problem === undefined ? "" : problem(words().ownBucket.errors));
    setVisible(error, problem !== undefined);
    setVisible(note, problem === undefined);
    setAttribute(control, "aria-invalid", problem === undefined ? null : "true");
    const described = problem === undefined ? (help === undefined ? null : ids.help) : ids.error;
    setAttribute(control, "aria-describedby", described);
  }

  function complain(found: FieldProblem | undefined): void {
    problem = found;
    draw();
  }

  control.addEventListener("input", () => complain(undefined));
  onLanguage(draw);
  draw();
  return {
    element: element("div", { class: `form-field form-${name}` }, label, control, note, error),
    control,
    complain,
  };
}
