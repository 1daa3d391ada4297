/** The licences of what is bundled into dist: most of them ask to be handed on with every copy. */
import { readdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { packages } from "./places.mjs";

/** Texts for packages that hold none, or point to one on the web, by package and version: an update is to be looked at. */
const added = fileURLToPath(new URL("licenses", import.meta.url));

/** What is only in a licence's full text, not in a note that points to it. */
const terms = {
  MIT: /Permission is hereby granted, free of charge/,
  "Apache-2.0": /TERMS AND CONDITIONS FOR USE, REPRODUCTION, AND DISTRIBUTION/,
  WTFPL: /TERMS AND CONDITIONS FOR COPYING, DISTRIBUTION AND MODIFICATION/,
};

/**
 * @param modules the bundler's, ours among them
 * @returns one text that names each package once, in alphabetical order, with the whole text of its licence
 * @throws Error for a package that does not say what its licence is or does not hold its text, and for an added text that
 *   is of nothing bundled
 */
export async function licenses(modules) {
  const directories = new Set(modules.map(ownerOf).filter((directory) => directory !== undefined));
  const texts = await readdir(added);
  const entries = await Promise.all([...directories].map((directory) => readLicense(directory, texts)));
  const unused = texts.filter((text) => entries.every((entry) => entry.addition !== text));
  if (unused.length > 0) throw new Error(`${added} has texts of what is not bundled: ${unused.join(", ")}`);
  const sections = entries.map(({ section }) => section).sort();
  return sections.join(`\n${"-".repeat(80)}\n\n`);
}

/** @returns the directory of the package that the module is of, undefined for ours */
function ownerOf(module) {
  const foreign = /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/.exec(module);
  if (foreign !== null) return foreign[0];
  // What the bundler itself adds, such as what calls CommonJS.
  if (module.startsWith("\0rolldown/")) return dirname(createRequire(import.meta.url).resolve("rolldown/package.json"));
  if (module.startsWith(packages)) return undefined;
  throw new Error(`${JSON.stringify(module)} is bundled, but nobody knows whose it is`);
}

async function readLicense(directory, texts) {
  const { name, version, license } = JSON.parse(await readFile(join(directory, "package.json"), "utf8"));
  if (typeof license !== "string") throw new Error(`${name} is bundled, but does not say under which licence`);
  const own = (await readdir(directory)).filter((file) => /^(third-party-)?(licen[cs]e|copying|notice)/i.test(file));
  const addition = `${name.replace("/", "+")}@${version}.txt`;
  const files = own.sort().map((file) => join(directory, file));
  if (texts.includes(addition)) files.push(join(added, addition));
  const parts = await Promise.all(files.map((file) => readFile(file, "utf8")));
  const text = parts.map((part) => part.replaceAll("\r\n", "\n").trim()).join("\n\n");
  const choices = license.replace(/[()]/g, "").split(" OR ");
  if (!choices.some((choice) => terms[choice]?.test(text))) {
    throw new Error(
      `${name} ${version} is bundled, but the text of its licence (${license}) is not in its directory ` +
        `${directory}: add it as ${join(added, addition)}`,
    );
  }
  return { addition, section: `${name} ${version}, ${license}\n\n${text}\n` };
}
