// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import type { Wire } from '../../shared/types';

export type Recording = Wire<'Recording'>;
export type RecordingRow = Wire<'RecordingRow'>;
export type Segment = Wire<'RecordingSegment'>;

/** Why there is nothing to watch and will not be; empty where there is something, or may be once the kiosk has begun. */
export function whyNone(recording: Pick<Recording, 'state' | 'why' | 'finished_ms'>): Recording['why'] {
  return recording.state === 'none' && (recording.why !== 'not_begun' || recording.finished_ms !== null) ? recording.why : '';
}

/** Whether there may be more to watch later: it is being recorded, or may yet be. */
export function mayGrow({ state, finished_ms }: Pick<Recording, 'state' | 'finished_ms'>): boolean {
  return state === 'running' || (state === 'none' && finished_ms === null);
}

/** The segment that shows this moment; else the next one that can be played after it, else null. */
export function segmentAt(segments: readonly Segment[], atMs: number): Segment | null {
  return segments.find((one) => one.state === 'good' && atMs < one.ended_ms) ?? null;
}

/** Where a moment stands on the time line, 0 to 1. */
export function placeOf(recording: Pick<Recording, 'started_ms' | 'finished_ms' | 'now_ms'>, atMs: number): number {
  const end = recording.finished_ms ?? recording.now_ms;
  return Math.min(1, Math.max(0, (atMs - recording.started_ms) / Math.max(1, end - recording.started_ms)));
}

/** 1.4 GB */
export function bytesText(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${value >= 100 || unit === 0 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}
