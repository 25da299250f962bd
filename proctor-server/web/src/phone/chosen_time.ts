// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import type { Wire } from '../shared/types';

export interface ChosenTime {
  readonly site: Wire<'Site'>;
  readonly startMs: number;
  readonly isNow: boolean;
}
