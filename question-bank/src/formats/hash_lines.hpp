// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace invigil::bank::formats {

/// A line between questions of a line each that names their type, such as 判断题 or 一、单选题（共 20 题）.
bool headsHashLines(std::string_view line);

}  // namespace invigil::bank::formats
