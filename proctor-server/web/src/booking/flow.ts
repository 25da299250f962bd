// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import { reactive } from 'vue';
import { get, post } from '../shared/api';
import { ApiError, asApiError } from '../shared/errors';
import type { Wire } from '../shared/types';
import { setServerNow } from '../phone/server_clock';

export type Step = 'who' | 'code' | 'exam' | 'consent' | 'photo' | 'when' | 'done' | 'over';
export const kSteps: readonly Step[] = ['who', 'code', 'exam', 'consent', 'photo', 'when', 'done', 'over'];
const kNeedsSession: readonly Step[] = ['exam', 'consent', 'photo', 'when'];

/** What the page knows. Only ids and instants outlive a reload (sessionStorage); personal data stay in memory. */
interface Flow {
  step: Step;
  ready: boolean;
  demo: boolean;
  ended: boolean;
  problem: ApiError | null;
  details: Wire<'CodeRequest'>;
  challenge: { id: string; resendMs: number; demoCode: string } | null;
  person: Wire<'Person'> | null;
  eligibilityId: string;
  /** The person chose to be checked by a person; asked once per booking. */
  declined: boolean;
  reservation: Wire<'Reservation'> | null;
}

const kKept = 'invigil.booking';
const kResendMs = 60_000;

export const flow = reactive<Flow>({
  step: 'who', ready: false, demo: false, ended: false, problem: null,
  details: { id_type: 'resident_id', id_number: '', name: '', phone: '' },
  challenge: null, person: null, eligibilityId: '', declined: false, reservation: null,
});

function keep(): void {
  const { challenge, eligibilityId, declined, reservation } = flow;
  try {
    sessionStorage.setItem(kKept, JSON.stringify({ challenge, eligibilityId, declined, reservation }));
  } catch {
    // Without storage a reload starts over; nothing else is lost.
  }
}

function recall(): void {
  try {
    Object.assign(flow, JSON.parse(sessionStorage.getItem(kKept) ?? '{}'));
  } catch {
    // as above
  }
}

export function forget(): void {
  Object.assign(flow, { challenge: null, person: null, eligibilityId: '', declined: false, reservation: null });
  flow.details = { id_type: 'resident_id', id_number: '', name: '', phone: '' };
  try {
    sessionStorage.removeItem(kKept);
  } catch {
    // as above
  }
}

/** Shows a step; the browser's back button leads to the one before. */
export function go(step: Step, replace = false): void {
  keep();
  const from = replace ? (history.state?.from ?? '') : flow.step;
  flow.step = step;
  history[replace ? 'replaceState' : 'pushState']({ step, from }, '', `#/${step}`);
  window.scrollTo(0, 0);
}

/** The page's own back: the browser's, where that leads to `step`. */
export function goBack(step: Step): void {
  if (history.state?.from === step) history.back();
  else go(step, true);
}

/** The step that may be shown when `wanted` is asked for. */
function allowed(wanted: Step): Step {
  if (wanted === 'over') return flow.person ? 'exam' : 'over';
  if (flow.reservation) return 'done';
  if (flow.person) {
    if (!kNeedsSession.includes(wanted)) return 'exam';
    return wanted === 'when' && !flow.eligibilityId ? 'exam' : wanted;
  }
  return wanted === 'code' && flow.challenge ? 'code' : 'who';
}

function stepInAddress(): Step {
  const named = location.hash.replace(/^#\//, '') as Step;
  return kSteps.includes(named) ? named : 'who';
}

/** The session ended on the server: back to the first step, and say so. */
export function sessionEnded(): void {
  if (!flow.person) return;
  forget();
  flow.ended = true;
  go('who', true);
}

export async function start(): Promise<void> {
  recall();
  window.addEventListener('popstate', () => {
    const wanted = stepInAddress();
    const step = allowed(wanted);
    flow.step = step;
    if (step !== wanted) history.replaceState({ step }, '', `#/${step}`);
  });
  try {
    const list = await get<Wire<'SiteList'>>('/sites');
    flow.demo = list.demo;
    setServerNow(list.now_ms);
    flow.person = await get<Wire<'Person'>>('/booking/me');
  } catch (thrown) {
    const error = asApiError(thrown);
    if (error.status !== 401 && error.status !== 403) flow.problem = error;
  }
  go(allowed(stepInAddress()), true);
  flow.ready = true;
}

export async function askForCode(): Promise<void> {
  const sent = await post<Wire<'CodeSent'>>('/booking/codes', flow.details);
  flow.challenge = { id: sent.challenge_id, resendMs: Date.now() + kResendMs, demoCode: sent.demo_code ?? '' };
  flow.ended = false;
  keep();
}

export async function answerCode(code: string): Promise<void> {
  flow.person = await post<Wire<'Person'>>('/booking/session', { challenge_id: flow.challenge?.id ?? '', code });
  flow.challenge = null;
  flow.details.id_number = '';
  go('exam', true);
}

/** After the exam is chosen: the photo is asked about once, unless there is one. */
export function afterExam(): void {
  if ((flow.person?.photos ?? 0) > 0 || flow.declined) go('when');
  else go('consent');
}

/** After the photo was kept, changed or declined: on to the time, or back where nothing is left to book. */
export function afterPhoto(): void {
  if (flow.eligibilityId) go('when');
  else go('exam', true);
}

export async function leave(): Promise<void> {
  try {
    await post<Wire<'Ok'>>('/booking/logout');
  } catch {
    // The session ends by itself after 30 minutes; the page forgets in any case.
  }
  forget();
  go('over', true);
}
