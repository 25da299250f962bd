// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import type { components } from './schema';

type Schemas = components['schemas'];
/** Wire types by the name they have in openapi.yaml, e.g. Wire<'Reservation'>. */
export type Wire<Name extends keyof Schemas> = Schemas[Name];
export type Wording = Wire<'Wording'>;
