/** Every sentence of the page in Chinese, in the terms of the vendor's own documentation. */
import type { Words } from "./en.js";
import { labZh } from "./lab-zh.js";

export const zh: Words = {
  page: {
    title: "Ossicle – 断点续传",
    tagline: "上传到阿里云 OSS：刷新页面不中断，每个文件都有校验为证。",
    language: "语言",
    storeLocal: "本机 OSS 模拟器",
    footer: "这是本机的 OSS 模拟器，并非阿里云。任何数据都不会离开这台电脑。",
    footerOwn: "您自己的 Bucket，仅限当前标签页。",
    lead: "也可以直接粘贴。中途刷新试试：已上传的部分不会再传一遍。",
    priority: "优先级",
    high: "优先",
    normal: "普通",
    low: "最后",
  },
  server: {
    away: (url) => `演示服务器没有响应 ${url}：“pnpm demo” 还在运行吗？`,
    refused: (status, url) => `演示服务器对 ${url} 的响应是 ${status}`,
  },
  about: {
    title: "工作原理",
    cut: "文件被切成分片；Web Worker 计算每个分片的 MD5 和 CRC-64，并直接发送到 Bucket。",
    record: "OSS 确认的每个分片都记录在此浏览器中，因此暂停、断网、崩溃或刷新最多只损失正在传输的分片。",
    proof: "只有当 OSS 报告的 CRC-64 与在此为整个文件算出的一致时，才会显示“已校验”。",
  },
  ...labZh,
};
