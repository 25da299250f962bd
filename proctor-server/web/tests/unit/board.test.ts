// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { resumeWaits, wordOf } from '../../src/staff/hall/board';

const record = (state: 'running' | 'paused', ...whats: string[]) => ({ state, entries: whats.map((what, n) => ({ at_ms: n, actor: '', what, detail: '' })) });

describe('a resume that the kiosk has not heard', () => {
  it('waits until the sitting runs, or somebody pauses anew', () => {
    expect(resumeWaits(record('paused', 'sitting_started', 'paused', 'resume_ordered'))).toBe(true);
    expect(resumeWaits(record('paused', 'paused', 'resume_ordered', 'said_notice', 'incident'))).toBe(true);
    expect(resumeWaits(record('paused', 'paused', 'resume_ordered', 'paused'))).toBe(false);
    expect(resumeWaits(record('paused', 'paused', 'resume_ordered', 'resumed', 'paused'))).toBe(false);
    expect(resumeWaits(record('running', 'paused', 'resume_ordered'))).toBe(false);
    expect(resumeWaits(record('paused', 'sitting_started'))).toBe(false);
  });

  it('stands in the record in words', () => {
    expect(wordOf('what_resume_ordered')).toBe('继续已下达，等待考位恢复联网');
  });
});
