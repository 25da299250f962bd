// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import type { Wire } from '../../shared/types';

export type Regrade = Wire<'Regrade'>;

export function regradeTone(state: Regrade['state']): 'ok' | 'look' | 'accent' | 'plain' {
  if (state === 'applied') return 'ok';
  if (state === 'failed' || state === 'ready') return 'look';
  return state === 'discarded' ? 'plain' : 'accent';
}

export const isMoving = (one: Regrade) => one.state === 'computing' || one.state === 'applying';

/** Half points show their half, whole ones nothing after the point. */
export const pointsText = (points: number) => String(Math.round(points * 100) / 100);
