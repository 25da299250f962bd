// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import { worded } from '../shared/language';
import { stampText, ownZone } from '../shared/times';
import type { Wire, Wording } from '../shared/types';
import { t, wireWord } from './messages';

/** The part of a title before its first ' · ': enough in a dense list. */
export function shortTitle(title: Wording): string {
  return worded(title).split(' · ')[0] as string;
}

export const stamp = (instantMs: number | null, zone = ownZone) => stampText(instantMs, zone);

export function stateTone(state: string): 'ok' | 'look' | 'accent' | 'plain' {
  if (state === 'finished' || state === 'passed' || state === 'online') return 'ok';
  if (state === 'no_show' || state === 'offline' || state === 'used_up' || state === 'expired') return 'look';
  if (state === 'sitting' || state === 'admitted' || state === 'open') return 'accent';
  return 'plain';
}

export function eligibilityText(one: Wire<'Eligibility'>): string {
  return `${shortTitle(one.title)} · ${wireWord(one.state)} · ${t('attemptsLeft', { n: one.attempts_left })}`;
}
