/** The fields for a bucket of one's own: what is in them, and where their problems are shown. */
import { element, setVisible, worded } from "../../elements/element.js";
import type { WordKey } from "../../words/language.js";
import { type FieldName, type FieldProblems, fieldNames } from "./field-problem.js";
import { createFormField, type FormField } from "./form-field.js";
import type { FormValues } from "./read-form.js";
import { regions } from "./regions.js";

export interface BucketForm {
  /** Without buttons. */
  readonly elements: readonly HTMLElement[];
  values(): FormValues;
  /** Shows each problem at its field, and goes to the first. */
  complain(problems: FieldProblems): void;
  /** Nothing secret stays in a field longer than it is needed. */
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
  const fields: Readonly<Record<FieldName, FormField>> = {
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
  const addressing = element(
    "select",
    { id: "own-addressing", "data-testid": "own-addressing", autocomplete: "off" },
    ...addressings.map(([value, word]) => worded("option", word, { value })),
  );
  const radios = ways.map(([value, word]) => {
    const radio = element("input", { type: "radio", name: "own-auth", value, autocomplete: "off" });
    radio.checked = value === "token";
    radio.addEventListener("change", drawWay);
    return { value, radio, element: element("label", { class: "choice" }, radio, worded("span", word)) };
  });

  function way(): Auth {
    return radios.find(({ radio }) => radio.checked)?.value ?? "token";
  }

  function drawWay(): void {
    for (const [value] of ways) setVisible(fields[value].element, value === way());
  }

  drawWay();
  return {
    elements: [
      element(
        "div",
        { class: "form-grid" },
        fields.region.element,
        fields.bucket.element,
        fields.endpoint.element,
        element(
          "div",
          { class: "form-field" },
          worded("label", "ownBucket.addressing", { for: "own-addressing" }),
          addressing,
        ),
      ),
      element(
        "fieldset",
        { class: "form-ways" },
        worded("legend", "ownBucket.auth"),
        element("div", { class: "choices" }, ...radios.map((one) => one.element)),
        ...ways.map(([value]) => fields[value].element),
      ),
      element("datalist", { id: "own-regions" }, ...regions.map((value) => element("option", { value }))),
    ],
    values: () => ({
      region: fields.region.control.value,
      bucket: fields.bucket.control.value,
      endpoint: fields.endpoint.control.value,
      addressing: addressings.find(([value]) => value === addressing.value)?.[0] ?? "",
      auth: way(),
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
