// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "invigil/bank/markup.hpp"

namespace invigil::server {

using bank::checkMarkup;
using bank::plainText;
using bank::searchable;

}  // namespace invigil::server
