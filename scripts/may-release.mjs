/** `pnpm release` begins here: what is published says where it comes from, or is not published. */
import { readFileSync } from "node:fs";
import { addressOf } from "./published-manifest.mjs";

const { repository } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
try {
  if (addressOf(repository) === undefined) {
    throw new Error(
      "\"repository\" in the package.json of the workspace's root is empty. Fill in the address of the repository's page, as " +
        '"https://github.com/owner/ossicle": `repository`, `bugs` and `homepage` of what is published come from it',
    );
  }
} catch (cause) {
  console.error(`Not released: ${cause.message}.`);
  process.exitCode = 1;
}
