// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "app.hpp"

namespace invigil::server {

/// The kiosk's face engine as the check of reference photos; null (with a line in the log) when none can be made.
std::unique_ptr<PhotoChecker> makePhotoChecker(const std::string& models_dir);

}  // namespace invigil::server
