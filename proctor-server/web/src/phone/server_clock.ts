// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
// Phones run fast or slow; what is "today" is the server's to say.
let aheadMs = 0;

export function setServerNow(nowMs: number): void {
  aheadMs = nowMs - Date.now();
}

export function serverNow(): number {
  return Date.now() + aheadMs;
}
