/** Texts about originals: clips without masks. */
export interface UnmaskingTexts {
  see: string;
  title: string;
  about: string;
  reason: string;
  reasonHint: string;
  ask: string;
  waiting: string;
  waitingHint: string;
  /** What is played is not masked. */
  mark: string;
  until: (when: string, left: string) => string;
  backToMasked: string;
  again: string;
  failed: string;
  wishes: string;
  wish: (person: string, camera: string) => string;
  event: (id: string) => string;
  agree: string;
  agreeTitle: string;
  agreeText: string;
  refuse: string;
  refuseTitle: string;
  originalOf: (camera: string) => string;
}

export const unmaskingEn: UnmaskingTexts = {
  see: "See the original",
  title: "See the original clip?",
  about: "It is shown without masks for a short time. Who looked, when and why goes on record.",
  reason: "Reason",
  reasonHint: "Why the masked clip is not enough. 3 to 500 characters.",
  ask: "See it",
  waiting: "Waiting for a second person to agree",
  waitingHint: "An administrator of the department, or somebody else who may see originals, finds your wish under Sharing.",
  mark: "Original, not masked",
  until: (when, left) => `until ${when} (${left})`,
  backToMasked: "Back to the masked clip",
  again: "Show the original",
  failed: "The original cannot be played",
  wishes: "Wishes to see originals",
  wish: (person, camera) => `${person} would like to see the original clip of an event at ${camera}`,
  event: (id) => `Event ${id}`,
  agree: "Agree",
  agreeTitle: "Let the original be seen?",
  agreeText: "Who asked can play the clip without masks for a short time. Your agreement goes on record.",
  refuse: "Refuse",
  refuseTitle: "Refuse to show the original?",
  originalOf: (camera) => `Original clip of ${camera}`,
};

export const unmaskingZh: UnmaskingTexts = {
  see: "查看原始录像",
  title: "查看原始录像？",
  about: "将在短时间内显示未打码的录像。何人、何时、因何查看均会记录。",
  reason: "理由",
  reasonHint: "说明为何打码录像不足以满足需要。3 至 500 个字符。",
  ask: "查看",
  waiting: "等待第二人同意",
  waitingHint: "该单位管理员或其他有权查看原始录像的人，可在“共享”页面看到您的申请。",
  mark: "原始录像，未打码",
  until: (when, left) => `至 ${when}（剩余 ${left}）`,
  backToMasked: "返回打码录像",
  again: "显示原始录像",
  failed: "无法播放原始录像",
  wishes: "查看原始录像的申请",
  wish: (person, camera) => `${person} 申请查看“${camera}”一个事件的原始录像`,
  event: (id) => `事件 ${id}`,
  agree: "同意",
  agreeTitle: "同意查看原始录像？",
  agreeText: "申请人可在短时间内播放未打码的录像。您的同意会被记录。",
  refuse: "拒绝",
  refuseTitle: "拒绝查看原始录像？",
  originalOf: (camera) => `“${camera}”的原始录像`,
};
