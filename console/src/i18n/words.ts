import type { Sector } from "../api/departments";
import type { PersonState } from "../api/people";
import type { Role } from "../api/session";
import type { Direction, RuleKind, Severity } from "../api/types";
import { kindsEn, kindsZh } from "./kinds";

/** What the server says by a code, and the page says in the reader's language. */
export const STREAM_STATES = [
  "connecting",
  "live",
  "stalled",
  "disconnected",
  "refused",
  "unreachable",
  "unauthorised",
  "not_found",
  "untrusted",
  "no_video",
  "unreadable",
  "quarantined",
  "finished",
  "stopped",
] as const;

export type StreamState = (typeof STREAM_STATES)[number];

/** States of a camera that no reader reports: paused by an operator; no worker has said anything yet; nobody watched. */
export type CameraState = StreamState | "paused" | "unknown" | "unwatched";

export type EndReason = "left" | "over" | "stream_ended" | "rule_changed" | "stopped" | "interrupted";
/** Why a picture was not looked at: `not_due` and `still` are as they should be. */
export type DropReason = "not_due" | "still" | "overtaken" | "failed" | "removed" | "stopped";
export type ProblemCode =
  | "offline"
  | "unreadable_answer"
  | "broken_off"
  | "bad_request"
  | "foreign_origin"
  | "not_signed_in"
  | "sign_in_failed"
  | "forbidden"
  | "too_many"
  | "not_found"
  | "conflict"
  | "stale"
  | "too_large"
  | "busy"
  | "unknown_host"
  | "bad_input"
  | "internal_error"
  | "unavailable";

export interface Words {
  states: Record<CameraState, string>;
  sectors: Record<Sector, string>;
  roles: Record<Role, string>;
  personStates: Record<PersonState, string>;
  severities: Record<Severity, string>;
  endReasons: Record<EndReason, string>;
  kinds: Record<RuleKind, string>;
  directions: Record<Direction, string>;
  dropReasons: Record<DropReason, string>;
  problems: Record<ProblemCode, string>;
}

export const wordsEn: Words = {
  states: {
    connecting: "Connecting",
    live: "Live",
    stalled: "Stalled",
    disconnected: "Disconnected",
    refused: "Refused",
    unreachable: "Unreachable",
    unauthorised: "Wrong login",
    not_found: "No such stream",
    untrusted: "Not trusted",
    no_video: "No video",
    unreadable: "Unreadable",
    quarantined: "Quarantined",
    finished: "Finished",
    stopped: "Stopped",
    paused: "Paused",
    unknown: "No report yet",
    unwatched: "Nobody watched",
  },
  sectors: {
    education: "Education",
    urban_management: "Urban management",
    water: "Water",
    health: "Health",
    scenic_area: "Scenic areas",
    rail_transit: "Rail transit",
    bridges_and_tunnels: "Bridges and tunnels",
    venue: "Venues",
    community: "Communities",
    social_unit: "Social units",
    other: "Other",
  },
  roles: {
    viewer: "Viewer",
    operator: "Operator",
    department_admin: "Department admin",
    city_admin: "City admin",
    auditor: "Auditor",
  },
  personStates: { invited: "Invited", active: "Active", disabled: "Disabled" },
  severities: { 1: "Emergency", 2: "High", 3: "Medium", 4: "Low" },
  endReasons: {
    left: "it left",
    over: "it was over",
    stream_ended: "the stream broke off",
    rule_changed: "the rule was changed",
    stopped: "watching was stopped",
    interrupted: "watching was interrupted",
  },
  kinds: kindsEn,
  directions: { left_to_right: "left to right", right_to_left: "right to left" },
  dropReasons: {
    not_due: "not due",
    still: "nothing moved",
    overtaken: "overtaken by a newer one",
    failed: "failed",
    removed: "camera removed",
    stopped: "stopped",
  },
  problems: {
    offline: "The server does not answer",
    unreadable_answer: "The server's answer could not be read",
    broken_off: "It broke off midway: nothing was saved",
    bad_request: "The request could not be read",
    foreign_origin: "This page may not use the server",
    not_signed_in: "Nobody is signed in",
    sign_in_failed: "The login or the password is not right",
    forbidden: "You may not do this",
    too_many: "Too many requests: wait a little",
    not_found: "It does not exist any more",
    conflict: "It conflicts with what is already there",
    stale: "Somebody else has changed it meanwhile",
    too_large: "It is too large",
    busy: "The server has too much to do at the moment",
    unknown_host: "The server does not answer for this address",
    bad_input: "Something entered is not right",
    internal_error: "The server failed",
    unavailable: "Not possible at the moment",
  },
};

export const wordsZh: Words = {
  states: {
    connecting: "连接中",
    live: "在线",
    stalled: "画面停滞",
    disconnected: "已断开",
    refused: "拒绝连接",
    unreachable: "无法访问",
    unauthorised: "认证失败",
    not_found: "码流不存在",
    untrusted: "证书不可信",
    no_video: "无视频",
    unreadable: "无法解码",
    quarantined: "已隔离",
    finished: "播放完毕",
    stopped: "已停止",
    paused: "已暂停",
    unknown: "暂无状态",
    unwatched: "无人监看",
  },
  sectors: {
    education: "教育",
    urban_management: "城管",
    water: "水务",
    health: "卫生健康",
    scenic_area: "文旅景区",
    rail_transit: "轨道交通",
    bridges_and_tunnels: "桥梁隧道",
    venue: "场馆",
    community: "社区",
    social_unit: "社会单位",
    other: "其他",
  },
  roles: {
    viewer: "查看员",
    operator: "操作员",
    department_admin: "单位管理员",
    city_admin: "全市管理员",
    auditor: "审计员",
  },
  personStates: { invited: "待设密码", active: "正常", disabled: "已停用" },
  severities: { 1: "紧急", 2: "高", 3: "中", 4: "低" },
  endReasons: {
    left: "目标离开",
    over: "情况已解除",
    stream_ended: "码流中断",
    rule_changed: "规则已变更",
    stopped: "分析已停止",
    interrupted: "分析异常中断",
  },
  kinds: kindsZh,
  directions: { left_to_right: "从左到右", right_to_left: "从右到左" },
  dropReasons: {
    not_due: "未到分析时间",
    still: "画面静止",
    overtaken: "被新画面取代",
    failed: "分析失败",
    removed: "摄像机已删除",
    stopped: "分析已停止",
  },
  problems: {
    offline: "服务器无响应",
    unreadable_answer: "无法识别服务器的响应",
    broken_off: "中途中断，未保存文件",
    bad_request: "请求格式有误",
    foreign_origin: "此页面无权访问服务器",
    not_signed_in: "尚未登录",
    sign_in_failed: "登录名或密码不正确",
    forbidden: "您无权进行此操作",
    too_many: "请求过于频繁，请稍候",
    not_found: "内容不存在或已被删除",
    conflict: "与现有内容冲突",
    stale: "他人已先行修改",
    too_large: "内容过大",
    busy: "服务器繁忙",
    unknown_host: "服务器不接受此地址的访问",
    bad_input: "填写的内容有误",
    internal_error: "服务器内部错误",
    unavailable: "暂时无法完成",
  },
};
