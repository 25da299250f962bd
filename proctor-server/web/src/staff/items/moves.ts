// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
// The server's table of states and moves; read once.
import { shallowRef } from 'vue';
import { get } from '../../shared/api';
import { worded } from '../../shared/language';
import type { Wire } from '../../shared/types';
import type { ItemsMessage } from './messages';

export type Move = Wire<'ItemMove'>;
export type MoveRule = Wire<'TransitionTable'>['moves'][number];

export const moveRules = shallowRef<readonly MoveRule[]>([]);
let asked: Promise<void> | null = null;

/** Throws ApiError; a later call tries again. */
export function loadMoves(): Promise<void> {
  asked ??= get<Wire<'TransitionTable'>>('/bank/transitions').then(
    (table) => void (moveRules.value = table.moves),
    (error: unknown) => {
      asked = null;
      throw error;
    },
  );
  return asked;
}

export const ruleOf = (move: Move) => moveRules.value.find((one) => one.move === move);
export function moveTitle(move: string): string {
  const rule = moveRules.value.find((one) => one.move === move);
  return rule ? worded(rule.title) : move;
}

/** What a move does to the exam, in a sentence. */
export const kMoveWhat: Record<Move, ItemsMessage> = {
  submit: 'whatSubmit', send_back: 'whatSendBack', release: 'whatRelease', suspend: 'whatSuspend', resume: 'whatResume', rework: 'whatRework', retire: 'whatRetire', revive: 'whatRevive',
};
export const takesOut = (move: Move) => move === 'suspend' || move === 'retire';
