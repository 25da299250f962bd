// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "invigil/formula/formula.hpp"

namespace invigil::formula {

struct Sign {
  std::string_view text;
  Role role = Role::Ordinary;
  Face face = Face::Upright;
  bool limits = false;
};

/// A command that stands for one sign: "alpha", "times", "sum". Functions ("sin", "lim") included.
std::optional<Sign> signOf(std::string_view command);
/// The character that stands for a delimiter after \left, \right and \big: "(" or the name of a command.
std::optional<std::string_view> delimiterOf(std::string_view name);
/// What stands over (or under) for \vec, \bar, \hat …
std::optional<std::string_view> accentOf(std::string_view command);
/// Width in em of \, \quad …
std::optional<double> spaceOf(std::string_view command);
/// The role of a character that is written as it is.
Role roleOf(std::string_view character);

}  // namespace invigil::formula
