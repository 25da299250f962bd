// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import { messagesOf, type Messages } from '../../shared/language';

/** What the pages of imports and jobs say. */
const messages = {
  jobStarting: { zh: '正在开始…', en: 'Starting…' },
  jobQueued: { zh: '排队等待', en: 'waiting its turn' },
  jobRunning: { zh: '进行中', en: 'running' },
  jobDone: { zh: '已完成', en: 'done' },
  jobFailed: { zh: '没有完成', en: 'failed' },
  jobCancelled: { zh: '已停止', en: 'stopped' },
  jobOf: { zh: '{done} / {total}', en: '{done} of {total}' },
  jobStop: { zh: '停止', en: 'Stop' },
  progress: { zh: '进度', en: 'Progress' },
} as const satisfies Messages;

export const t = messagesOf(messages);
