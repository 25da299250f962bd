// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import { defineConfig } from 'vitest/config';

// On a machine that is busy with other things: INVIGIL_PATIENCE=10 waits ten times as long before it calls a test failed.
const patience = Number(process.env.INVIGIL_PATIENCE ?? 1);

export default defineConfig({
  test: { include: ['tests/browser/**/*.test.mjs'], testTimeout: 300_000 * patience, hookTimeout: 300_000 * patience, fileParallelism: false },
});
