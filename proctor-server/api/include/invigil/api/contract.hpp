// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "invigil/base/result.hpp"

namespace invigil::api {

/// One endpoint as openapi.yaml describes it.
struct Operation {
  std::string verb, path;     ///< "get", "/api/v1/kiosk/sittings/{id}/submit"
  std::string scope;          ///< x-scope
  std::string request, reply; ///< schema names; empty = none
  bool binary_request = false, binary_reply = false;
  std::set<std::string> query;  ///< names of query parameters
};

/// openapi.yaml, compiled in. Immutable; thread-safe.
class Contract {
 public:
  static const Contract& instance();
  const std::vector<Operation>& operations() const { return operations_; }
  /// nullptr when the contract has no such endpoint.
  const Operation* find(const std::string& verb, const std::string& path) const;
  /// Checks a value against a named schema: types, required and unknown members, lengths in characters, ranges, enums,
  /// list sizes, $ref, oneOf. Errors: InvalidInput wrong_shape (where: "responses[3].revision"; detail: what was
  /// expected; never the value itself).
  Status check(const std::string& schema, const nlohmann::json& value) const;

 private:
  Contract();
  Status checkNode(const nlohmann::json& node, const nlohmann::json& value, const std::string& where, int depth) const;
  nlohmann::json document_;
  std::vector<Operation> operations_;
};

}  // namespace invigil::api
