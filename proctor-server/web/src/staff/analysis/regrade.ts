// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import type { Wire } from '../../shared/types';
import { letter } from '../item_key';

export type Regrade = Wire<'Regrade'>;

export function regradeTone(state: Regrade['state']): 'ok' | 'look' | 'accent' | 'plain' {
  if (state === 'applied') return 'ok';
  if (state === 'failed' || state === 'ready') return 'look';
  return state === 'discarded' ? 'plain' : 'accent';
}

/** "ABD", or what may be typed: "3 | 1.05 … 1.15 (50 %)". */
export function keyText(one: Regrade): string {
  if (!one.answers?.length) return one.key.map(letter).join('');
  return one.answers.map((answer) => (answer.match === 'range' ? `${answer.text} … ${answer.upper ?? ''}` : answer.text) + ((answer.percent ?? 100) < 100 ? ` (${answer.percent} %)` : '')).join(' | ');
}

export const isMoving = (one: Regrade) => one.state === 'computing' || one.state === 'applying';

/** Half points show their half, whole ones nothing after the point. */
export const pointsText = (points: number) => String(Math.round(points * 100) / 100);
