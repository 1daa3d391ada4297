/**
 * Finds a Chromium for the tests, or gets one. Run by itself it prints the path. The order: $CHROMIUM_PATH, the one that
 * Playwright keeps, one that is installed; then Playwright's download, then Debian's package where we may install it.
 */
import { spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "@playwright/test";

const programs = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "microsoft-edge"];

/** Where browsers are that no PATH leads to. */
function usualPlaces() {
  const { PROGRAMFILES, "PROGRAMFILES(X86)": PROGRAMFILES_X86, LOCALAPPDATA } = process.env;
  switch (process.platform) {
    case "darwin":
      return ["Google Chrome", "Chromium", "Microsoft Edge"].map(
        (app) => `/Applications/${app}.app/Contents/MacOS/${app}`,
      );
    case "win32":
      return [PROGRAMFILES, PROGRAMFILES_X86, LOCALAPPDATA]
        .filter((folder) => folder !== undefined)
        .map((folder) => join(folder, "Google/Chrome/Application/chrome.exe"));
    default:
      return [];
  }
}

function isProgram(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** @returns the path of a Chromium that is here already, or undefined */
export function findChromium() {
  const { CHROMIUM_PATH, PATH = "" } = process.env;
  // What was asked for is taken even if it is not there: the launch then says so.
  if (CHROMIUM_PATH) return CHROMIUM_PATH;
  const onPath = PATH.split(delimiter).flatMap((folder) => programs.map((program) => join(folder, program)));
  return [chromium.executablePath(), ...usualPlaces(), ...onPath].find(isProgram);
}

/** @returns the path of a Chromium. @throws Error when there is none and none can be had */
export function ensureChromium() {
  return findChromium() ?? downloaded() ?? fromDebian() ?? nowhere();
}

function downloaded() {
  const cli = join(dirname(createRequire(import.meta.url).resolve("@playwright/test/package.json")), "cli.js");
  run(process.execPath, [cli, "install", "chromium"]);
  return findChromium();
}

function fromDebian() {
  if (process.getuid?.() !== 0 || !isProgram("/usr/bin/apt-get")) return undefined;
  run("apt-get", ["update", "--quiet"]);
  run("apt-get", ["install", "--yes", "--quiet", "--no-install-recommends", "chromium"]);
  return findChromium();
}

function nowhere() {
  throw new Error("There is no Chromium here and none could be installed. Install one, or name it in CHROMIUM_PATH.");
}

/** Whether it worked shows in what is found afterwards. */
function run(program, args) {
  console.error(`$ ${program} ${args.join(" ")}`);
  spawnSync(program, args, { stdio: ["ignore", 2, 2], env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(ensureChromium());
