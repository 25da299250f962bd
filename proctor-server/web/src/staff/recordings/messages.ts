// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import { messagesOf, type Messages } from '../../shared/language';

/** What the pages say about recordings. */
const messages = {
  about: {
    zh: '每场考试的录像，和考后仍可判断的事件；录像和画面加密保存 3 年后自动删除，每次查看都有记录',
    en: 'The recording of each sitting, and incidents that can still be decided after it; recordings and pictures are kept encrypted for 3 years, then deleted; every look is recorded',
  },
  empty: {
    zh: '还没有记录。同意摄像头的考生开始考试后，录像会出现在这里；有事件的考试交卷后也列在这里。',
    en: 'No records yet. Recordings appear here once a candidate who agreed to the camera begins an exam; a sitting with incidents is listed after its end, too.',
  },
  onlyOpen: { zh: '只看待判断的', en: 'Only those to decide' },
  noneOpen: { zh: '没有待判断的事件。', en: 'No incident waits for a decision.' },
  older: { zh: '更早的', en: 'Older ones' },
  recording: { zh: '录像', en: 'Recording' },
  state: { zh: '录像情况', en: 'Recording' },
  running: { zh: '正在录', en: 'running' },
  whole: { zh: '完整', en: 'whole' },
  gaps: { zh: '有缺口', en: 'has gaps' },
  none: { zh: '没有录像', en: 'none' },
  length: { zh: '时长', en: 'Length' },
  size: { zh: '大小', en: 'Size' },
  keptUntil: { zh: '保存至', en: 'Kept until' },
  toLookAt: { zh: '待判断事件', en: 'Open incidents' },
  no_consent: { zh: '考生没有同意摄像头，考试机不录像。', en: 'The candidate declined the camera; the kiosk records nothing.' },
  off: { zh: '考点的规则没有要求录像，或考生同意的是旧版告知。', en: 'The site does not record, or the candidate agreed to an older notice.' },
  not_begun: { zh: '考试机还没有开始录像；可能没有摄像头，或还未联网。', en: 'The kiosk has not begun to record; it may have no camera or no network yet.' },
  waiting: { zh: '第一段录像约半分钟后到达。', en: 'The first segment arrives after about half a minute.' },
  play: { zh: '播放', en: 'Play' },
  stop: { zh: '暂停', en: 'Pause' },
  back: { zh: '后退 10 秒', en: 'Back 10 s' },
  ahead: { zh: '前进 10 秒', en: 'Ahead 10 s' },
  speed: { zh: '速度', en: 'Speed' },
  timeline: { zh: '时间轴', en: 'Timeline' },
  jumpTo: { zh: '跳到 {what} {when}', en: 'Go to {what} {when}' },
  missingTitle: { zh: '不能播放的时段', en: 'What cannot be played' },
  not_recorded: { zh: '没有录', en: 'not recorded' },
  on_its_way: { zh: '还在路上', en: 'on its way' },
  missing: { zh: '还没有传到，或文件缺失', en: 'not here: still on the kiosk, or its file is gone' },
  damaged: { zh: '已损坏', en: 'damaged' },
  noPictures: { zh: '这个时刻没有画面', en: 'No picture of this moment' },
  watchedNote: { zh: '观看会记入审计记录。', en: 'Watching is written into the audit record.' },
  storageLow: { zh: '录像空间不多了：已用 {used}，还剩 {free}。请尽快扩容，或把录像文件夹移到更大的磁盘。', en: 'Room for recordings is running out: {used} used, {free} left. Please enlarge the disk or move the folder of recordings soon.' },
  storageFull: { zh: '录像空间已满：已用 {used}，还剩 {free}。录像暂留在考试机上，腾出空间后会自动上传。', en: 'No room for recordings: {used} used, {free} left. They stay on the kiosks and are uploaded once there is room.' },
  storageGood: { zh: '已用 {used}，还剩 {free}', en: '{used} used, {free} left' },
  recordOn: { zh: '考试全程录像（只录同意摄像头的考生）', en: 'Record the whole exam (only of those who agreed to the camera)' },
  framesPerSecond: { zh: '每秒画面数', en: 'Pictures a second' },
} satisfies Messages;

export const r = messagesOf(messages);
