/** Texts about live pictures. */
export interface LiveTexts {
  title: string;
  masked: string;
  watch: string;
  stop: string;
  opening: string;
  picture: (camera: string) => string;
  refused: string;
  failed: string;
  again: string;
  see: string;
  askTitle: string;
  about: string;
  mark: string;
  backToMasked: string;
  originalOf: (camera: string) => string;
  lag: (seconds: string) => string;
  unplayable: string;
  unplayableHint: (codecs: string) => string;
  notNow: string;
  notNowHint: string;
  ended: string;
  wish: (person: string, camera: string) => string;
  agreeText: string;
  cameraPage: string;
}

export const liveEn: LiveTexts = {
  title: "Live",
  masked: "faces masked",
  watch: "Watch live",
  stop: "Stop",
  opening: "Waiting for pictures",
  picture: (camera) => `Live picture of ${camera}, faces masked`,
  refused: "Live pictures of this camera are not shared with you",
  failed: "No live picture now",
  again: "Try again",
  see: "See the original live",
  askTitle: "See the original live?",
  about: "The camera is shown without masks for a short time. Who looked, when and why goes on record.",
  mark: "Live original, not masked",
  backToMasked: "Back to the masked picture",
  originalOf: (camera) => `Live original of ${camera}`,
  lag: (seconds) => `${seconds} s behind`,
  unplayable: "This browser cannot play what the camera sends",
  unplayableHint: (codecs) => `The camera encodes its pictures as ${codecs}. The masked picture shows them all the same.`,
  notNow: "The original cannot be shown now",
  notNowHint: "The camera is not read at the moment, or it sends what no browser plays. It is tried again; the masked picture may show it meanwhile.",
  ended: "The live original has ended",
  wish: (person, camera) => `${person} would like to see ${camera} live without masks`,
  agreeText: "Who asked can see the camera live without masks for a short time. Your agreement goes on record.",
  cameraPage: "Camera's page",
};

export const liveZh: LiveTexts = {
  title: "实时画面",
  masked: "人脸已打码",
  watch: "观看实时画面",
  stop: "停止",
  opening: "正在等待画面",
  picture: (camera) => `${camera} 的实时画面，人脸已打码`,
  refused: "该摄像机的实时画面未与您共享",
  failed: "目前没有实时画面",
  again: "重试",
  see: "查看实时原始画面",
  askTitle: "查看实时原始画面？",
  about: "将在短时间内显示未打码的画面。何人、何时、因何查看均会记录。",
  mark: "实时原始画面，未打码",
  backToMasked: "返回打码画面",
  originalOf: (camera) => `“${camera}”的实时原始画面`,
  lag: (seconds) => `延迟 ${seconds} 秒`,
  unplayable: "此浏览器无法播放该摄像机的画面",
  unplayableHint: (codecs) => `该摄像机的编码为 ${codecs}。打码画面仍可观看。`,
  notNow: "目前无法显示原始画面",
  notNowHint: "摄像机目前未被读取，或其编码浏览器无法播放。系统会继续重试；打码画面可能仍可观看。",
  ended: "实时原始画面已结束",
  wish: (person, camera) => `${person} 申请查看“${camera}”的实时原始画面`,
  agreeText: "申请人可在短时间内查看未打码的实时画面。您的同意会被记录。",
  cameraPage: "摄像机页面",
};
