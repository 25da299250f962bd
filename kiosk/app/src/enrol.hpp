// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "identity.hpp"
#include "options.hpp"

namespace invigil::kiosk {

/// The stored identity, or with a code a new one from the server. Runs an event loop while it waits.
/// Errors: NotFound not_enrolled; InvalidInput enrolment_refused; Unavailable unreachable; as saveIdentity.
Result<Identity> becomeKnown(const Options& options);

}  // namespace invigil::kiosk
