// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "invigil/base/result.hpp"

namespace invigil::face {

/// True for "-", for /dev/stdout, and for whatever else is this program's standard output just now (the pipe or file that a shell opened).
bool isStandardOutput(const std::string& path);

/// Whether writeOutput() could write there, asked before hours of work go into what is to be written.
/// Errors: InvalidInput wrong_path (a folder; no such folder; not allowed).
Status checkOutput(const std::string& path);

/// A regular file, or a new one, is old or new, never half. Symbolic links stay: what they point to is replaced. So do its permissions.
/// What is no regular file (a device, a pipe) is written to directly, standard output is when isStandardOutput() says so.
/// Errors: Unavailable cannot_write.
Status writeOutput(const std::string& path, std::string_view content);

}  // namespace invigil::face
