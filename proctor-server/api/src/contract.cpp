// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "invigil/api/contract.hpp"

#include <limits>

#include "invigil/base/assert.hpp"
#include "invigil/base/text.hpp"

namespace invigil::api {

std::string openapiText();

namespace {

using nlohmann::json;

std::string schemaName(const json& node) {
  const std::string reference = node.value("$ref", "");
  return reference.substr(reference.rfind('/') + 1);
}

auto wrong(const std::string& where, const std::string& expected) {
  return fail(ErrorCode::InvalidInput, "wrong_shape", "Expected " + expected + ".", where.empty() ? "body" : where);
}

Status checkNumber(const json& node, const json& value, const std::string& where) {
  if (node["type"] == "integer" && !value.is_number_integer()) return wrong(where, "a whole number");
  if (!value.is_number()) return wrong(where, "a number");
  if (value.is_number_unsigned() && value.get<std::uint64_t>() > std::numeric_limits<std::int64_t>::max())
    return wrong(where, "a smaller number");
  const double number = value.get<double>();
  if (node.contains("minimum") && number < node["minimum"].get<double>())
    return wrong(where, "at least " + node["minimum"].dump());
  if (node.contains("maximum") && number > node["maximum"].get<double>())
    return wrong(where, "at most " + node["maximum"].dump());
  return {};
}

Status checkString(const json& node, const json& value, const std::string& where) {
  if (!value.is_string()) return wrong(where, "a text");
  const auto& text = value.get_ref<const std::string&>();
  if (node.contains("maxLength") && codePoints(text) > node["maxLength"].get<std::size_t>())
    return wrong(where, "at most " + node["maxLength"].dump() + " characters");
  if (text.find('\0') != std::string::npos) return wrong(where, "a text without NUL characters");
  if (node.contains("enum")) {
    for (const json& allowed : node["enum"])
      if (allowed == value) return {};
    return wrong(where, "one of " + node["enum"].dump());
  }
  return {};
}

Operation readOperation(const std::string& verb, const std::string& path, const json& node) {
  Operation op{verb, path, node.value("x-scope", ""), "", ""};
  if (node.contains("requestBody")) {
    const json& content = node["requestBody"]["content"];
    op.binary_request = !content.contains("application/json");
    if (!op.binary_request) op.request = schemaName(content["application/json"]["schema"]);
  }
  const json& content = node["responses"]["200"]["content"];
  op.binary_reply = !content.contains("application/json");
  if (!op.binary_reply) op.reply = schemaName(content["application/json"]["schema"]);
  if (node.contains("parameters"))
    for (const json& parameter : node["parameters"])
      if (parameter["in"] == "query") op.query.insert(parameter["name"].get<std::string>());
  return op;
}

}  // namespace

const Contract& Contract::instance() {
  static const Contract contract;
  return contract;
}

Contract::Contract() : document_(json::parse(openapiText())) {
  for (const auto& [path, verbs] : document_["paths"].items())
    for (const auto& [verb, node] : verbs.items()) operations_.push_back(readOperation(verb, path, node));
}

const Operation* Contract::find(const std::string& verb, const std::string& path) const {
  for (const Operation& op : operations_)
    if (op.verb == verb && op.path == path) return &op;
  return nullptr;
}

Status Contract::check(const std::string& schema, const json& value) const {
  const json& schemas = document_["components"]["schemas"];
  INVIGIL_ASSERT(schemas.contains(schema));
  return checkNode(schemas[schema], value, "", 0);
}

Status Contract::checkNode(const json& node, const json& value, const std::string& where, int depth) const {
  if (depth > 32) return wrong(where, "less nesting");
  if (node.contains("$ref")) return checkNode(document_["components"]["schemas"][schemaName(node)], value, where, depth + 1);
  if (node.contains("oneOf")) {
    Status last;
    for (const json& choice : node["oneOf"]) {
      last = checkNode(choice, value, where, depth + 1);
      if (last) return {};
      if (choice.value("type", "") == "null") continue;
      if (!value.is_null()) return last;
    }
    return last;
  }
  const std::string type = node.value("type", "");
  if (type == "null") return value.is_null() ? Status{} : Status{wrong(where, "null")};
  if (type == "boolean") return value.is_boolean() ? Status{} : Status{wrong(where, "true or false")};
  if (type == "integer" || type == "number") return checkNumber(node, value, where);
  if (type == "string") return checkString(node, value, where);
  if (type == "array") {
    if (!value.is_array()) return wrong(where, "a list");
    if (node.contains("maxItems") && value.size() > node["maxItems"].get<std::size_t>())
      return wrong(where, "at most " + node["maxItems"].dump() + " entries");
    for (std::size_t i = 0; i < value.size(); ++i)
      INVIGIL_CHECK(checkNode(node["items"], value[i], where + "[" + std::to_string(i) + "]", depth + 1));
    return {};
  }
  INVIGIL_ASSERT(type == "object");
  if (!value.is_object()) return wrong(where, "an object");
  const std::string dot = where.empty() ? "" : where + ".";
  if (node.contains("required"))
    for (const json& name : node["required"])
      if (!value.contains(name.get_ref<const std::string&>()))
        return wrong(dot + name.get<std::string>(), "this member to be present");
  for (const auto& [name, member] : value.items()) {
    if (!node["properties"].contains(name)) return wrong(dot + firstCharacters(name, 40), "no such member");
    INVIGIL_CHECK(checkNode(node["properties"][name], member, dot + name, depth + 1));
  }
  return {};
}

}  // namespace invigil::api
