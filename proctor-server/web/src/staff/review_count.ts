// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import { ref } from 'vue';

/** How many wait for the reviewer; shown in the navigation while the queue is open. */
export const reviewCount = ref(0);
