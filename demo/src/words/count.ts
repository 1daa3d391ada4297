/** Whole numbers in sentences. */

const grouping = new Intl.NumberFormat("en");

/** "10,000". */
export function grouped(amount: number): string {
  return grouping.format(amount);
}

/** "1 part", "38 parts", "10,000 parts". */
export function count(amount: number, singular: string, plural = `${singular}s`): string {
  return `${grouped(amount)} ${amount === 1 ? singular : plural}`;
}
