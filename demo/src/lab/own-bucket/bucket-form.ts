/** The fields for a bucket of the visitor's own: reads what is entered, and shows each problem at its field. */
import { element, setVisible } from "@ossicle/elements/dom/element.js";
import { worded } from "../../elements/element.js";
import type { WordKey } from "../../words/language.js";
import { type FieldName, type FieldProblems, fieldNames } from "./field-problem.js";
import { createFormField, type FormField } from "./form-field.js";
import type { FormValues } from "./read-form.js";
import { regions } from "./regions.js";

export interface BucketForm {
  /** The fields, without the form's buttons. */
  readonly elements: readonly HTMLElement[];
  values(): FormValues;
  /** Shows each problem at its field, and puts the focus into the first of these fields. */
  complain(problems: FieldProblems): void;
  /** Empties the field of the token. Call it as soon as the token is in use. */
  forgetSecrets(): void;
}

type Auth = FormValues["auth"];

const ways: readonly (readonly [Auth, WordKey])[] = [
  ["token", "ownBucket.authToken"],
  ["tokenUrl", "ownBucket.authTokenUrl"],
  ["signUrl", "ownBucket.authSignUrl"],
];
const addressings: readonly (readonly [FormValues["addressing"], WordKey])[] = [
  ["", "ownBucket.addressingAuto"],
  ["virtual-hosted", "ownBucket.addressingHost"],
  ["path", "ownBucket.addressingPath"],
  ["cname", "ownBucket.addressingCname"],
];

export function createBucketForm(): BucketForm {
  const fields = createFields();
  const choice = createAuthChoice(fields);
  const addressing = element(
    "select",
    { id: "own-addressing", "data-testid": "own-addressing", autocomplete: "off" },
    ...addressings.map(([value, word]) => worded("option", word, { value })),
  );
  const addressingLabel = worded("label", "ownBucket.addressing", { for: "own-addressing" });
  const grid = element(
    "div",
    { class: "form-grid" },
    fields.region.element,
    fields.bucket.element,
    fields.endpoint.element,
    element("div", { class: "form-field" }, addressingLabel, addressing),
  );
  const regionList = element(
    "datalist",
    { id: "own-regions" },
    ...regions.map((value) => element("option", { value })),
  );

  return {
    elements: [grid, choice.element, regionList],
    values: () => ({
      region: fields.region.control.value,
      bucket: fields.bucket.control.value,
      endpoint: fields.endpoint.control.value,
      addressing: addressings.find(([value]) => value === addressing.value)?.[0] ?? "",
      auth: choice.chosen,
      token: fields.token.control.value,
      tokenUrl: fields.tokenUrl.control.value,
      signUrl: fields.signUrl.control.value,
    }),
    complain(problems) {
      for (const name of fieldNames) fields[name].complain(problems[name]);
      const first = fieldNames.find((name) => problems[name] !== undefined);
      if (first !== undefined) fields[first].control.focus();
    },
    forgetSecrets() {
      fields.token.control.value = "";
    },
  };
}

type Fields = Readonly<Record<FieldName, FormField>>;

function createFields(): Fields {
  return {
    region: createFormField({ name: "region", placeholder: "cn-hangzhou", list: "own-regions" }),
    bucket: createFormField({ name: "bucket", placeholder: "user-files" }),
    endpoint: createFormField({ name: "endpoint", help: "ownBucket.endpointHelp" }),
    token: createFormField({
      name: "token",
      help: "ownBucket.tokenHelp",
      lines: 5,
      placeholder: '{ "AccessKeyId": "STS.…", "AccessKeySecret": "…", "SecurityToken": "…", "Expiration": "…" }',
    }),
    tokenUrl: createFormField({
      name: "tokenUrl",
      help: "ownBucket.tokenUrlHelp",
      placeholder: "https://app.example/api/sts",
    }),
    signUrl: createFormField({
      name: "signUrl",
      help: "ownBucket.signUrlHelp",
      placeholder: "https://app.example/api/sign",
    }),
  };
}

/** Who signs: radio buttons, and below them the field of the chosen way. */
function createAuthChoice(fields: Fields) {
  const radios = ways.map(([value, word]) => {
    const radio = element("input", { type: "radio", name: "own-auth", value, autocomplete: "off" });
    radio.checked = value === "token";
    radio.addEventListener("change", draw);
    return { value, radio, element: element("label", { class: "choice" }, radio, worded("span", word)) };
  });
  const chosen = () => radios.find(({ radio }) => radio.checked)?.value ?? "token";

  function draw(): void {
    for (const [value] of ways) setVisible(fields[value].element, value === chosen());
  }

  draw();
  return {
    element: element(
      "fieldset",
      { class: "form-ways" },
      worded("legend", "ownBucket.auth"),
      element("div", { class: "choices" }, ...radios.map((one) => one.element)),
      ...ways.map(([value]) => fields[value].element),
    ),
    get chosen() {
      return chosen();
    },
  };
}
