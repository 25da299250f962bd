// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
/** Options by letter: 0 is A. */
export const letter = (at: number) => String.fromCharCode(65 + at);
