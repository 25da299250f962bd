// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "http/router.hpp"

#include <cstdio>

#include "invigil/api/contract.hpp"
#include "invigil/base/assert.hpp"
#include "invigil/base/text.hpp"

namespace invigil::server {
namespace {

const char* toText(Verb verb) {
  switch (verb) {
    case Verb::Get: return "get";
    case Verb::Post: return "post";
    case Verb::Put: return "put";
    case Verb::Delete: return "delete";
  }
  return "";
}

/// %XX and + decoded; nullopt when malformed or not UTF-8.
std::optional<std::string> decode(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+') { out += ' '; continue; }
    if (text[i] != '%') { out += text[i]; continue; }
    if (i + 2 >= text.size()) return std::nullopt;
    auto byte = fromHex(text.substr(i + 1, 2));
    if (!byte) return std::nullopt;
    out += static_cast<char>((*byte)[0]);
    i += 2;
  }
  if (!isUtf8(out)) return std::nullopt;
  return out;
}

}  // namespace

Router::Router(Routes routes) {
  const api::Contract& contract = api::Contract::instance();
  for (Route& route : routes) {
    const api::Operation* operation = contract.find(toText(route.verb), route.path);
    if (!operation || operation->scope != server::toText(route.scope)) {
      std::fprintf(stderr, "route %s %s differs from openapi.yaml\n", toText(route.verb), route.path.c_str());
      INVIGIL_ASSERT(operation && operation->scope == server::toText(route.scope));
    }
    const std::size_t mark = route.path.find("{id}");
    std::string before = route.path.substr(0, mark);
    std::string after = mark == std::string::npos ? "" : route.path.substr(mark + 4);
    rows_.push_back({std::move(route), operation, std::move(before), std::move(after)});
  }
  if (rows_.size() != contract.operations().size()) {
    for (const api::Operation& operation : contract.operations()) {
      bool found = false;
      for (const Row& row : rows_) found = found || row.operation == &operation;
      if (!found) std::fprintf(stderr, "openapi.yaml: no route for %s %s\n", operation.verb.c_str(), operation.path.c_str());
    }
    INVIGIL_ASSERT(rows_.size() == contract.operations().size());
  }
}

Router::Match Router::match(Verb verb, const std::string& path) const {
  Match match;
  for (const Row& row : rows_) {
    std::string id;
    if (row.route.path == row.before) {
      if (path != row.before) continue;
    } else {
      if (path.size() <= row.before.size() + row.after.size() || !path.starts_with(row.before) || !path.ends_with(row.after))
        continue;
      id = path.substr(row.before.size(), path.size() - row.before.size() - row.after.size());
      if (id.size() > 64 || id.find('/') != std::string::npos) continue;
    }
    match.path_known = true;
    if (row.route.verb != verb) continue;
    match.route = &row.route;
    match.operation = row.operation;
    match.id = id;
    return match;
  }
  return match;
}

Status readCall(const Router::Match& match, const std::string& query, std::string body, Call& call) {
  call.id = match.id;
  for (std::size_t at = 0; at < query.size();) {
    const std::size_t end = std::min(query.find('&', at), query.size());
    const std::string pair = query.substr(at, end - at);
    at = end + 1;
    const std::size_t equals = pair.find('=');
    auto name = decode(pair.substr(0, equals));
    auto value = decode(equals == std::string::npos ? "" : pair.substr(equals + 1));
    if (!name || !value || value->size() > 240 || !match.operation->query.contains(*name))
      return fail(ErrorCode::InvalidInput, "wrong_shape", "The address holds an unknown or damaged parameter.", "query");
    call.query[*name] = *value;
  }
  if (match.operation->binary_request) {
    call.bytes = std::move(body);
    return {};
  }
  if (match.operation->request.empty()) return {};
  if (!isUtf8(body)) return fail(ErrorCode::InvalidInput, "bad_json", "The text is not UTF-8.", "body");
  try {
    call.body = Json::parse(body);
  } catch (const Json::parse_error& e) {
    return fail(ErrorCode::InvalidInput, "bad_json", "byte " + std::to_string(e.byte) + " / " + std::to_string(body.size()), "body");
  } catch (const Json::exception&) {  // a number that no machine number can hold
    return fail(ErrorCode::InvalidInput, "bad_json", "A number is out of range.", "body");
  }
  return api::Contract::instance().check(match.operation->request, call.body);
}

}  // namespace invigil::server
