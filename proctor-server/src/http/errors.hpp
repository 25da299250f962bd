// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "http/call.hpp"

namespace invigil::server {

/// The HTTP status of a failure.
unsigned statusOf(ErrorCode code);
/// The Error of openapi.yaml: the stable id and a sentence in both languages. Details stay in the log, but for
/// wrong_shape, whose detail names only the member and what was expected.
Json errorJson(const Error& error);

}  // namespace invigil::server
