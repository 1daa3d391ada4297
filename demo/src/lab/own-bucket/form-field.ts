/** A labelled field with help below it. If something is wrong with it, the problem stands in place of the help. */
import { element, setAttribute, setText, setVisible } from "@ossicle/elements/dom/element.js";
import { worded } from "../../elements/element.js";
import { onLanguage, type WordKey, words } from "../../words/language.js";
import type { FieldName, FieldProblem } from "./field-problem.js";

export interface FormField {
  readonly element: HTMLElement;
  readonly control: HTMLInputElement | HTMLTextAreaElement;
  /** Shows a problem; undefined shows the help again. */
  complain(problem: FieldProblem | undefined): void;
}

export interface FormFieldOptions {
  readonly name: FieldName;
  readonly help?: WordKey;
  readonly placeholder?: string;
  /** Id of a datalist with suggestions. */
  readonly list?: string;
  /** Number of lines of a box for long text. Default: a field of one line. */
  readonly lines?: number;
}

/** For tests: [data-testid=own-field-{name}], own-field-{name}-error. */
export function createFormField(options: FormFieldOptions): FormField {
  const { name, help, placeholder = "", list, lines } = options;
  const ids = { control: `own-field-${name}`, help: `own-field-${name}-help`, error: `own-field-${name}-error` };
  // The browser shall not remember what is entered: it would fill it in again after a reload.
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
