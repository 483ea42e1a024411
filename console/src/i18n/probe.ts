/** Texts about a stream that is tested. */
export interface ProbeTexts {
  test: string;
  testing: string;
  about: string;
  title: string;
  picture: string;
  codec: string;
  size: string;
  rate: string;
  fps: (came: string, declared: string | null) => string;
  group: string;
  groupHint: string;
  groupUnknown: string;
  bits: string;
  megabits: (count: string) => string;
  bFrames: string;
  yes: string;
  no: string;
  sound: string;
  noSound: string;
  clock: string;
  clocks: Record<string, string>;
  browser: string;
  plays: string;
  playsNot: string;
  policy: string;
  policies: Record<string, string>;
  hints: string;
  /** What could be better, by its code; what is missing the server says. */
  advice: Record<string, string>;
}

export const probeEn: ProbeTexts = {
  test: "Test it",
  testing: "Opening the stream: 6 to 15 seconds…",
  about: "Opens the stream for some seconds, and says what comes. Nothing is stored.",
  title: "What was found",
  picture: "A picture of the stream, faces masked",
  codec: "Codec",
  size: "Size",
  rate: "Pictures a second",
  fps: (came, declared) => (declared === null ? came : `${came} (the camera says ${declared})`),
  group: "Key frame every",
  groupHint: "The longest time between two key frames",
  groupUnknown: "longer than was watched",
  bits: "Bit rate",
  megabits: (count) => `${count} Mbit/s`,
  bFrames: "B-frames",
  yes: "yes",
  no: "no",
  sound: "Sound",
  noSound: "none",
  clock: "Its clock",
  clocks: { steady: "steady", jumps: "jumps", off_pace: "too fast or too slow", unknown: "not known" },
  browser: "In a browser",
  plays: "plays",
  playsNot: "does not play",
  policy: "While nothing moves",
  policies: { key_frames: "key frames alone are decoded", all: "every picture is decoded" },
  hints: "What could be better",
  advice: {},
};

export const probeZh: ProbeTexts = {
  test: "测试",
  testing: "正在打开码流，约需 6 至 15 秒…",
  about: "打开码流数秒，查看实际参数与画面，不保存任何内容。",
  title: "测试结果",
  picture: "码流画面，人脸已打码",
  codec: "编码",
  size: "分辨率",
  rate: "帧率",
  fps: (came, declared) => (declared === null ? came : `${came}（标称 ${declared}）`),
  group: "关键帧间隔",
  groupHint: "两个关键帧之间的最长时间",
  groupUnknown: "超过测试时长",
  bits: "码率",
  megabits: (count) => `${count} Mbit/s`,
  bFrames: "B 帧",
  yes: "有",
  no: "无",
  sound: "音频",
  noSound: "无",
  clock: "时钟",
  clocks: { steady: "平稳", jumps: "有跳变", off_pace: "偏快或偏慢", unknown: "未知" },
  browser: "浏览器",
  plays: "可直接播放",
  playsNot: "不能直接播放",
  policy: "画面静止时",
  policies: { key_frames: "只解码关键帧", all: "解码全部画面" },
  hints: "改进建议",
  advice: {
    use_substream: "分析所需分辨率不超过 640×360：请将子码流设为“分析”用途。",
    fewer_pictures: "每秒 5 帧已足够分析，请在摄像机上降低这路码流的帧率。",
    key_frames_more_often: "请将关键帧间隔（GOP）设为 1 秒：画面静止时开销可降至十分之一，录像片段和实时画面也更快出现。",
    no_b_frames: "请在摄像机上关闭 B 帧，它会使每帧画面延迟。",
    h264_for_browsers: "供观看的码流请改用 H.264，当前编码浏览器无法播放。",
    less_bitrate: "请降低这路码流的码率，分析效果不会因此下降。",
    sound_is_not_kept: "码流带有音频，系统既不拉取也不保存。",
    clock: "请检查摄像机的时钟和网络：画面时间与服务器不一致。",
  },
};
