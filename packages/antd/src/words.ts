/** What a row says beside its file, in the language of the app's ConfigProvider. */
export interface Words {
  readonly pause: string;
  readonly resume: string;
  readonly retry: string;
  /** For a file that an earlier page left unfinished. */
  readonly goOn: string;
  readonly paused: string;
  /** @param percent how much of it is there, a whole number */
  readonly unfinished: (percent: number) => string;
  /** Another file was chosen to go on with. */
  readonly otherFile: string;
  readonly inOtherTab: string;
  readonly offline: string;
}

const english: Words = {
  pause: "Pause",
  resume: "Resume",
  retry: "Try again",
  goOn: "Continue",
  paused: "Paused",
  unfinished: (percent) => `Unfinished, ${percent} %`,
  otherFile: "That is another file, or it has changed",
  inOtherTab: "Uploading in another tab",
  offline: "Offline",
};

const chinese: Words = {
  pause: "暂停",
  resume: "继续",
  retry: "重试",
  goOn: "继续上传",
  paused: "已暂停",
  unfinished: (percent) => `未完成 ${percent}%`,
  otherFile: "选择的不是同一个文件，或文件已被修改",
  inOtherTab: "正在另一个标签页中上传",
  offline: "网络已断开",
};

/** @param locale of Ant Design, such as "zh-cn"; others than Chinese are given English */
export function wordsIn(locale: string | undefined): Words {
  return /^zh/i.test(locale ?? "") ? chinese : english;
}
