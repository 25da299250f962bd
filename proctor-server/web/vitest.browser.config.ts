// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: { include: ['tests/browser/**/*.test.mjs'], testTimeout: 60_000, hookTimeout: 60_000, fileParallelism: false },
});
