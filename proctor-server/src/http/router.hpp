// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "http/authenticate.hpp"
#include "http/call.hpp"

namespace invigil::api {
struct Operation;
}

namespace invigil::server {

/// Finds the row for a request and checks the request against the contract. Immutable; thread-safe.
class Router {
 public:
  /// Aborts when a row is missing in openapi.yaml, an endpoint has no row, or scopes differ: that is a bug.
  explicit Router(Routes routes);
  struct Match {
    const Route* route = nullptr;
    const api::Operation* operation = nullptr;
    std::string id;
    bool path_known = false;  ///< another verb would have matched
  };
  Match match(Verb verb, const std::string& path) const;

 private:
  struct Row { Route route; const api::Operation* operation; std::string before, after; };
  std::vector<Row> rows_;
};

/// Every route of the server.
Routes allRoutes();

/// Fills id, query and body of the call from the raw request. Errors: InvalidInput bad_json, wrong_shape.
Status readCall(const Router::Match& match, const std::string& query, std::string body, Call& call);

}  // namespace invigil::server
