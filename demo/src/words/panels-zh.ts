/** The sentences of the panels below the uploads in Chinese. */
import type { panelsEn } from "./panels-en.js";

export const panelsZh: typeof panelsEn = {
  requests: { title: "请求记录" },
  ownBucket: { title: "使用自己的 Bucket" },
  diagnosis: { title: "检查" },
  recipes: { title: "可直接使用的代码" },
};
