// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace invigil::bank::formats {

/// Begins as a compound file does: old Office documents are such files.
bool isCompoundFile(std::string_view bytes);

/// The first stream of one of the names (ASCII); nothing where there is none or the file is damaged. Never more bytes
/// than the file has. Source: [MS-CFB].
std::optional<std::string> streamOf(std::string_view file, std::initializer_list<std::string_view> names);

}  // namespace invigil::bank::formats
