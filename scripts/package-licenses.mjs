/** Whether a package's tarball hands on the licences of what is bundled into it, as its own source maps tell. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Scripts of workers once more, as strings. */
const texts = {
  "worker-text.js": "worker.js",
  "after-page-text.js": "after-page.js",
  "keep-files-text.js": "keep-files.js",
};

/**
 * @param unpacked the package's directory
 * @returns what is wrong, a line each: code without a source map, and packages whose licence is missing
 */
export function licenseProblems(unpacked) {
  const dist = join(unpacked, "dist");
  const file = join(dist, "third-party-licenses.txt");
  const licenses = existsSync(file) ? readFileSync(file, "utf8").split(/\n-{80}\n\n/) : [];
  const scripts = readdirSync(dist, { recursive: true }).filter((name) => name.endsWith(".js"));
  const problems = new Set();
  for (const script of scripts.filter((name) => !(name in texts))) {
    const map = join(dist, `${script}.map`);
    if (!existsSync(map)) {
      if (onlyHandsOn(join(dist, script))) continue;
      problems.add(`dist/${script} has no source map, so nobody can tell what is in it`);
      continue;
    }
    for (const source of JSON.parse(readFileSync(map, "utf8")).sources) {
      const bundled = packageOf(source);
      if (bundled === undefined) continue;
      const license = licenses.find((text) => text.startsWith(`${bundled}, `));
      // The shortest that there are have some 400 characters; what is shorter only names one.
      if ((license?.length ?? 0) < 400) problems.add(`dist/${script} holds ${bundled}, whose licence is missing`);
    }
  }
  for (const [text, script] of Object.entries(texts)) {
    if (scripts.includes(text) && !isTextOf(join(dist, text), join(dist, script))) {
      problems.add(`dist/${text} is not the text of ${script}`);
    }
  }
  return [...problems];
}

/** True for a script that imports and exports what other scripts hold: it has no source, so bundlers write no map for it. */
export function onlyHandsOn(script) {
  const statements = /(import\s*\{[^{}]*\}\s*from\s*"[^"]*"|export\s*\{[^{}]*\});/g;
  return readFileSync(script, "utf8").replace(statements, "").trim() === "";
}

/** @returns name and version as the licences are headed, undefined for a source of ours */
function packageOf(source) {
  if (!source.includes("node_modules/")) return undefined;
  // As pnpm keeps it: .pnpm/@scope+name@1.2.3_peers/node_modules/@scope/name/
  const found = /\.pnpm\/[^/]+?@(\d[^_/]*)[^/]*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(source);
  return found === null ? source : `${found[2]} ${found[1]}`;
}

function isTextOf(text, script) {
  const worker = readFileSync(script, "utf8").replace(/\n?\/\/# sourceMappingURL=.*\s*$/, "\n");
  return readFileSync(text, "utf8").includes(JSON.stringify(worker));
}
