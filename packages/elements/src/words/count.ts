/** Whole numbers in sentences. Pure. */

/** Forms of a sentence by `Intl.PluralRules`; "#" stands for the number. */
export type Forms = { readonly other: string } & Readonly<Partial<Record<Intl.LDMLPluralRule, string>>>;

const grouping = new Intl.NumberFormat("en");

/** "10,000". */
export function grouped(amount: number): string {
  return grouping.format(amount);
}

/**
 * Counts in a language. Texts of an app's own can be made with it.
 *
 * @example counting("ru")(3, { one: "# файл", few: "# файла", other: "# файлов" })
 */
export function counting(locale: string): (amount: number, forms: Forms) => string {
  const rules = new Intl.PluralRules(locale);
  return (amount, forms) => (forms[rules.select(amount)] ?? forms.other).replace("#", grouped(amount));
}

const inEnglish = counting("en");

/** "1 part", "38 parts", "10,000 parts". */
export function count(amount: number, singular: string, plural = `${singular}s`): string {
  return inEnglish(amount, { one: `# ${singular}`, other: `# ${plural}` });
}
