// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace invigil::devices {

/// Whether a film's container names more bytes than the file has: RIFF (AVI), the boxes of MP4 and MOV, the segment of Matroska and
/// WebM. False where it names nothing (MPEG-TS, what was written live) or cannot be read. Counts of frames do not tell it: films that
/// were cut out of others name those from before the cut, and a sound track may be longer. Thread-safe.
bool endIsMissing(const std::string& path);

}  // namespace invigil::devices
