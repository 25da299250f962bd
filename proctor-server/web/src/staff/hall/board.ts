// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import { ref, shallowRef } from 'vue';
import { get, query } from '../../shared/api';
import type { Wire } from '../../shared/types';
import { kWaitMs, useFollow, useServerClock } from '../follow';
import { h, isHallMessage } from './messages';

export type Board = Wire<'HallBoard'>;
export type Seat = Wire<'HallSeat'>;
export type Incident = Wire<'HallIncident'>;
export type HallRecord = Wire<'HallRecord'>;

const kShownMs = 10_000;

/** The board of one site by long poll. How many answers are given wakes nobody, so it also looks every 10 s. */
export function useBoard() {
  const board = shallowRef<Board | null>(null);
  const site = ref('');
  let version = '';
  let asked = '';
  const clock = useServerClock();
  const { lost } = useFollow(async (stop) => {
    const same = asked === site.value && version !== '';
    asked = site.value;
    const wait: Record<string, string | number> = same ? { wait_ms: Math.min(kWaitMs, kShownMs), version } : {};
    const answer = await get<Board>(`/hall/board${query({ ...wait, ...(asked ? { site: asked } : {}) })}`, stop);
    if (asked === site.value) {
      board.value = answer;
      version = answer.version;
      if (!site.value) asked = site.value = answer.site_id;
    }
    clock.set(answer.now_ms);
  });
  return { board, site, lost, nowMs: clock.nowMs };
}

/** What colour a seat asks for: red for a decision, amber for a look. */
export function toneOf(seat: Seat): 'red' | 'amber' | 'on' | 'off' {
  if (seat.state === 'paused' || (seat.incident && seat.incident.measure === 'pause')) return 'red';
  if (seat.open_incidents || seat.state === 'waiting' || (seat.sitting_id && seat.kiosk_state !== 'online')) return 'amber';
  return seat.sitting_id || seat.admission_id ? 'on' : 'off';
}

export const needsMe = (seat: Seat) => toneOf(seat) === 'red' || toneOf(seat) === 'amber';

export function countsOf(seats: readonly Seat[]) {
  const count = (which: (seat: Seat) => boolean) => seats.filter(which).length;
  return {
    sitting: count((s) => s.state === 'sitting' || s.state === 'paused'),
    free: count((s) => s.state === 'free' && s.kiosk_state === 'online'),
    waiting: count((s) => s.state === 'waiting'),
    attention: count((s) => s.open_incidents > 0 || s.state === 'paused'),
  };
}

/** Somebody has let a paused sitting run again, and its kiosk has no network to hear it. The newest word of the record counts. */
export function resumeWaits({ state, entries }: Pick<HallRecord, 'state' | 'entries'>): boolean {
  const words = entries.map((one) => one.what).filter((what) => ['paused', 'resume_ordered', 'resumed'].includes(what));
  return state === 'paused' && words[words.length - 1] === 'resume_ordered';
}

export const wordOf = (word: string) => (isHallMessage(word) ? h(word) : word);

/** A kind in a detail is said in words; what a person wrote stays. */
export function detailOf(detail: string): string {
  const [kind = '', ...rest] = detail.split(': ');
  return isHallMessage(kind) ? [h(kind), ...rest].join(': ') : detail;
}

export function actorOf(actor: string): string {
  if (actor === 'candidate') return h('candidateActor');
  if (actor === 'policy') return h('policyActor');
  return /^[0-9a-f]{16}$/.test(actor) ? h('kioskActor') : actor;
}
