/** Every sentence of the page in English. The other languages have the same keys: the compiler checks. */
import { labEn } from "./lab-en.js";

export const en = {
  page: {
    title: "Ossicle – uploads that survive",
    tagline: "Uploads to Alibaba Cloud OSS that survive a reload, and prove what they stored.",
    language: "Language",
    storeLocal: "Local emulator of OSS",
    footer: "A local emulator of OSS, not Alibaba Cloud. Nothing leaves this computer.",
    footerOwn: "Your own bucket, for this tab only.",
    lead: "Paste works, too. Then reload in the middle: what is stored is never sent again.",
    priority: "Priority",
    high: "First",
    normal: "Normal",
    low: "Last",
  },
  server: {
    away: (url: string) => `The demo server does not answer ${url}: is “pnpm demo” still running?`,
    refused: (status: number, url: string) => `The demo server answered ${status} to ${url}`,
  },
  about: {
    title: "What happens",
    cut: "The file is cut into parts; Web Workers compute MD5 and CRC-64 of each and send it straight to the bucket.",
    record:
      "Every part the store confirms is recorded in this browser, so a pause, a lost network, a crash or a reload costs at most the parts in flight.",
    proof: "“Verified” is said only when the store reports the CRC-64 that was computed here for the whole file.",
  },
  ...labEn,
};

/** What every language has to say. */
export type Words = typeof en;
