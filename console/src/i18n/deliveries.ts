import type { Delivery, DeliveryState } from "../api/deliveries";

/** Texts about what was told to a subscription, and what became of each attempt. */
export interface DeliveryTexts {
  title: string;
  anyState: string;
  states: Record<DeliveryState, string>;
  columns: { at: string; what: string; state: string; tries: string; took: string };
  time: string;
  noDeliveries: string;
  noDeliveryFound: string;
  kinds: Record<Delivery["kind"], string>;
  replayed: (id: number) => string;
  nextTry: (when: string) => string;
  replay: string;
  replaySpan: string;
  replaySpanTitle: string;
  replaySpanText: string;
  replayedCount: (count: string, isOne: boolean) => string;
  replayMore: string;
  goOn: string;

  delivery: (id: number) => string;
  messageId: string;
  tells: string;
  moreEvents: string;
  reason: string;
  madeAt: string;
  firstTry: string;
  endedAt: string;
  attempts: string;
  noAttempts: string;
  attemptColumns: { n: string; at: string; took: string; status: string; answer: string };
  noAnswer: string;
  byStranger: string;
  milliseconds: (count: string) => string;
}

export const deliveriesEn: DeliveryTexts = {
  title: "Deliveries",
  anyState: "Whatever became of them",
  states: { waiting: "Waiting", delivered: "Delivered", dead: "Given up", withheld: "Withheld" },
  columns: { at: "Made", what: "Tells", state: "State", tries: "Attempts", took: "Ended" },
  time: "Time",
  noDeliveries: "Nothing was told yet. Send a test, or wait for an event that fits.",
  noDeliveryFound: "No delivery matches. Take a filter away.",
  kinds: { event: "An event", group: "Several events", notice: "A notice", test: "Test" },
  replayed: (id) => `tells number ${id} again`,
  nextTry: (when) => `next at ${when}`,
  replay: "Send again",
  replaySpan: "Send again what was of a time",
  replaySpanTitle: "Send again",
  replaySpanText:
    "Sends again what it told, or could not tell, of this time. The receiver knows each message by the same id as before; tests are left out.",
  replayedCount: (count, isOne) => `${count} ${isOne ? "is" : "are"} sent again.`,
  replayMore: "There are more: go on with the rest once you like.",
  goOn: "Go on with the rest",

  delivery: (id) => `Delivery ${id}`,
  messageId: "webhook-id",
  tells: "Tells",
  moreEvents: "the first hundred",
  reason: "Why",
  madeAt: "Made",
  firstTry: "First attempt",
  endedAt: "Ended",
  attempts: "Attempts",
  noAttempts: "None yet.",
  attemptColumns: { n: "No.", at: "When", took: "Took", status: "Status", answer: "Answer" },
  noAnswer: "no answer",
  byStranger: "How the answer began, as the receiver wrote it:",
  milliseconds: (count) => `${count} ms`,
};

export const deliveriesZh: DeliveryTexts = {
  title: "推送记录",
  anyState: "全部结果",
  states: { waiting: "待推送", delivered: "已送达", dead: "已放弃", withheld: "未获准" },
  columns: { at: "生成时间", what: "内容", state: "状态", tries: "尝试次数", took: "结束时间" },
  time: "时间",
  noDeliveries: "还没有推送记录。可发送一条测试消息，或等待符合条件的事件发生。",
  noDeliveryFound: "没有符合条件的推送记录，请减少筛选条件。",
  kinds: { event: "单个事件", group: "多个事件", notice: "系统异常", test: "测试" },
  replayed: (id) => `重发第 ${id} 条`,
  nextTry: (when) => `${when} 重试`,
  replay: "重新推送",
  replaySpan: "重新推送某段时间",
  replaySpanTitle: "重新推送",
  replaySpanText: "重新推送这段时间内的消息，无论当时是否送达。接收方看到的编号与原来相同；测试消息除外。",
  replayedCount: (count) => `已安排重新推送 ${count} 条。`,
  replayMore: "还有更多消息，可继续推送其余部分。",
  goOn: "继续推送其余部分",

  delivery: (id) => `推送 ${id}`,
  messageId: "webhook-id",
  tells: "内容",
  moreEvents: "仅列出前一百个",
  reason: "原因",
  madeAt: "生成时间",
  firstTry: "首次尝试",
  endedAt: "结束时间",
  attempts: "各次尝试",
  noAttempts: "尚未尝试。",
  attemptColumns: { n: "序号", at: "时间", took: "耗时", status: "状态码", answer: "答复" },
  noAnswer: "无答复",
  byStranger: "接收方答复的开头（原文）：",
  milliseconds: (count) => `${count} 毫秒`,
};
