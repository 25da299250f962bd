// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gumbo.h>

#include <optional>
#include <string>

namespace invigil::bank::formats {

/// LaTeX of presentation MathML: its own TeX annotation where there is one, else built from numbers, letters, operators,
/// fractions, roots, sub- and superscripts and fences; nothing for anything else.
std::optional<std::string> latexOf(const GumboNode& math);

}  // namespace invigil::bank::formats
