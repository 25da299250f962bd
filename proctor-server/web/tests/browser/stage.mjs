// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { startMock } from '../../mock/server.mjs';
import { openBrowser } from './harness.mjs';

/** One mock and one browser for the tests of a file, the mock as new before each. @param ready (mock, browser) => void, before the first test */
export function onStage(ready) {
  let mock;
  let browser;
  beforeAll(async () => {
    mock = await startMock();
    browser = await openBrowser();
    ready(mock, browser);
  });
  beforeEach(() => {
    mock.reset();
    mock.problems.length = 0;
  });
  afterAll(async () => {
    await browser?.close();
    await mock?.close();
  });
}
