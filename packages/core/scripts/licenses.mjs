/** The licences of what is bundled into dist: most of them ask to be handed on with every copy. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/**
 * @param files of other packages, anywhere below their directories
 * @returns one text that names each package once, in alphabetical order
 * @throws Error for a package that does not say what its licence is
 */
export async function licenses(files) {
  const directories = new Set(
    files.map((file) => /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/.exec(file)?.[0]),
  );
  const entries = await Promise.all([...directories].map(readLicense));
  return entries.sort().join(`\n${"-".repeat(80)}\n\n`);
}

async function readLicense(directory) {
  const { name, version, license, author } = JSON.parse(await readFile(join(directory, "package.json"), "utf8"));
  if (typeof license !== "string") throw new Error(`${name} is bundled, but does not say under which licence`);
  const file = (await readdir(directory)).find((entry) => /^licen[cs]e/i.test(entry));
  // Some say it in their package.json alone.
  const text = file === undefined ? `By ${author?.name ?? author}` : await readFile(join(directory, file), "utf8");
  return `${name} ${version}, ${license}\n\n${text.replaceAll("\r\n", "\n").trim()}\n`;
}
