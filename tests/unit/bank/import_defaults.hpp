// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "invigil/bank/bank.hpp"

namespace invigil::bank {

/// What an import of a question list is told of its bank.
inline Bank defaults() {
  Bank bank;
  bank.id = "imported";
  bank.title.zh = "导入";
  bank.roles = {Role::SpecialOperations};
  return bank;
}

}  // namespace invigil::bank
