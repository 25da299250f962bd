// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace invigil::face {

/// `invigil-face monitor`: what monitoring would say about a video, a folder of frames or the simulated candidate.
/// @return exit status: 0 done, 1 failed, 2 wrong words on the command line
int monitorCommand(const std::vector<std::string>& words);
extern const char* const kMonitorHelp;

}  // namespace invigil::face
