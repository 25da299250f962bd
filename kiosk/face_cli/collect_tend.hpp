// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "collect_texts.hpp"
#include "commands.hpp"

namespace invigil::face {

/// `collect` without a camera: --list, --forget NUMBER [--session N], --forget-expired, of the folder --out.
/// Errors: InvalidInput usage, and those of CollectStore.
Status tend(const Arguments& arguments, const Speaker& speaker);

}  // namespace invigil::face
