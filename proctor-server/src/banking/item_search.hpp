// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "banking/item_record.hpp"

namespace invigil::server {

/// Which items are meant: the query of searchItems and the filter of bulkEdit. Empty = any.
struct ItemFilter {
  std::string bank, type, topic, state, level, tag, difficulty, flag, in_use, mine, stimulus, q;
  std::string caller;  ///< account id, for `mine`
};
/// Errors: InvalidInput bad_filter (where: member).
Result<ItemFilter> filterOf(const std::function<std::string(const char*)>& member, const std::string& caller);

/// A condition over `bank_item i` and the values of its marks, in order.
struct Condition {
  std::string sql = "1 = 1";
  std::vector<Tx::Value> values;
  /// " and " + sql with each ? replaced by the next mark.
  void add(std::string_view sql_with_marks, std::vector<Tx::Value> more = {});
  std::string mark() const { return ":" + Tx::mark(values.size()); }
};
/// @param without  a member that is left out ("tag", "flag", "facets" = type, topic, state, level and difficulty)
Condition conditionOf(const ItemFilter& filter, const std::string& without = {});

/// Members of ItemRow of openapi.yaml that come from columns; takes the page's rows by one statement.
Json itemRowsJson(Tx& tx, const Condition& condition, const std::string& order_and_limit, const std::string& caller);
Json itemRowJson(Tx& tx, const std::string& uid, const std::string& caller);

}  // namespace invigil::server
