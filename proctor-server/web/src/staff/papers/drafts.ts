// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
/** Unsaved forms by blueprint id, in memory only: a session that ends in the middle of the work loses nothing. */
export const unsaved = new Map<string, { content: string; version: number; reason: string }>();
