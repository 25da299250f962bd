// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import { ref } from 'vue';

const kNarrow = window.matchMedia('(max-width: 800px)');

/** True on a phone: tables show one column then. */
export const narrow = ref(kNarrow.matches);
kNarrow.addEventListener('change', (event) => (narrow.value = event.matches));
