/**
 * Tests that are for Chromium alone, and why. None is here because the library does something else in Firefox: either only
 * Chromium's DevTools can bring the situation about, or Firefox lacks what the test is about.
 */
const devtools = (what: string) => `only Chromium's DevTools protocol can ${what}`;
const real = devtools("drop a folder or a file with its handle as a person does");
const lines = "the browser that is started on the line is a Chromium";
const remembers = "Firefox before 155 remembers until the next reload that an import failed";

export interface LeftOut {
  /** Below e2e/. */
  readonly file: string;
  /** How the test's title begins. */
  readonly title: string;
  readonly because: string;
}

export const leftOutOfFirefox: readonly LeftOut[] = [
  ...[
    "an upload whose tab is closed",
    "a page that comes back in the middle",
    "a page that discards what goes on",
    "an upload goes on when the tab goes",
    "a page that the browser brings back",
    "a token that ends after the page",
    "what goes on without a page goes on",
    "two tabs that are closed in the middle",
    "of two tabs with the same file one sends",
    "with afterPage",
    "closing an uploader for good",
    "when the worker that goes on is ended",
    "when the browser is killed while",
    "the app's server signs for what goes on",
    "where a policy forbids shared workers",
    "where the worker's file was left behind it starts from its text",
  ].map((title) => ({
    file: "after-page.spec.ts",
    title,
    because: "Firefox ends shared workers with their last page",
  })),
  {
    file: "bad-calls.spec.ts",
    title: "on a page that is not a secure context",
    because: "it needs a host name that only Chromium's command line can map",
  },
  { file: "bad-calls.spec.ts", title: "a dropped folder is not a file", because: real },
  {
    file: "database-trouble.spec.ts",
    title: "an upload whose database is cleared by the user",
    because: devtools("clear what a site keeps"),
  },
  {
    file: "kept-files.spec.ts",
    title: "a file goes on by itself while the page",
    because: "it is about Chromium's back/forward cache, and switches it on",
  },
  { file: "kept-files.spec.ts", title: "a keeper whose worker was ended", because: devtools("end a service worker") },
  {
    file: "kept-files.spec.ts",
    title: "a worker that was ended while",
    because: devtools("end a service worker"),
  },
  {
    file: "demo-faults.spec.ts",
    title: "a reload on purpose",
    because: "Firefox has no handles of dropped files",
  },
  { file: "demo-many.spec.ts", title: "with 2,000 files queued", because: `${real}; it measures tasks of the page` },
  {
    file: "demo-own-bucket.spec.ts",
    title: "a URL of tokens is tried first",
    because: "it looks for what Chromium writes on the console when an answer is 403",
  },
  {
    file: "demo-resume.spec.ts",
    title: "with a handle that may be read",
    because: "Firefox has no handles of dropped files",
  },
  {
    file: "demo-resume.spec.ts",
    title: "where the browser wants to ask",
    because: "Firefox has no handles of dropped files",
  },
  {
    file: "demo-signer.spec.ts",
    title: "a file that fits one request is signed for once",
    because: "Playwright does not see the bodies of this Firefox's requests",
  },
  { file: "demo.spec.ts", title: "a dropped folder goes up", because: real },
  {
    file: "demo.spec.ts",
    title: "a folder can be chosen",
    because: "WebDriver BiDi cannot choose a folder",
  },
  {
    file: "demo.spec.ts",
    title: "a pasted picture",
    because: "Firefox lets no script make a paste event with a file in it",
  },
  { file: "dropped-folders.spec.ts", title: "a dropped folder gives", because: real },
  { file: "dropped-folders.spec.ts", title: "a dropped link is", because: real },
  { file: "dropped-folders.spec.ts", title: "the file picker takes", because: "Firefox has no such picker" },
  { file: "frozen-and-full.spec.ts", title: "a page that Chromium froze", because: devtools("freeze a page") },
  { file: "frozen-and-full.spec.ts", title: "a page that was frozen", because: devtools("freeze a page") },
  {
    file: "hidden-tab.spec.ts",
    title: "an upload in a hidden tab",
    because: "it is about how Chromium slows timers down",
  },
  { file: "frozen-and-full.spec.ts", title: "on a full disk", because: devtools("give a site little storage") },
  { file: "large-file.spec.ts", title: "12 GiB need no more memory", because: devtools("tell a page's memory") },
  { file: "large-file.spec.ts", title: "while 224 MiB are hashed", because: devtools("tell what each thread did") },
  { file: "line.spec.ts", title: "on a line", because: lines },
  { file: "line-bytes.spec.ts", title: "on a line", because: lines },
  { file: "not-loaded-yet.spec.ts", title: "an upload waits while the engine", because: remembers },
  { file: "not-loaded-yet.spec.ts", title: "diagnose() rejects", because: remembers },
  {
    file: "thousand-uploads.spec.ts",
    title: "1,000 uploads one after the other",
    because: devtools("tell a page's memory"),
  },
  { file: "two-tabs.spec.ts", title: "when the tab that sends crashes", because: devtools("crash a tab") },
  { file: "worker/digest.spec.ts", title: "3 GiB are hashed", because: devtools("tell a page's memory") },
  {
    file: "ten-lines.spec.ts",
    title: "the ten lines of",
    because: "it needs a port that only Chromium's command line can map",
  },
  {
    file: "ten-lines.spec.ts",
    title: "a mainland bucket that wants",
    because: "it needs a host name that only Chromium's command line can map",
  },
];

/** For Playwright's `grepInvert`, which sees project, file, titles of groups, and title, with spaces between. */
export function pattern({ file, title }: LeftOut): RegExp {
  const literally = (text: string) => text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
  return new RegExp(`\\b${literally(file)} (.* )?${literally(title)}`);
}
