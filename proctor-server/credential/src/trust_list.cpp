// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>

#include "ecdsa.hpp"
#include "invigil/credential/credential.hpp"

namespace invigil::credential {
namespace {

using Json = nlohmann::ordered_json;
constexpr std::size_t kBytesMax = 1u << 20;

tl::unexpected<Error> bad(std::string where, const std::string& what) {
  return fail(ErrorCode::InvalidInput, "bad_trust_list", "The trust list is wrong at '" + where + "': " + what + ".",
              where);
}

Result<std::string> text(const Json& json, const std::string& where, const std::string& name) {
  const auto found = json.find(name);
  if (found == json.end() || !found->is_string() || found->get_ref<const std::string&>().empty())
    return bad(where + "." + name, "it must be a text");
  return found->get<std::string>();
}

}  // namespace

Result<TrustList> TrustList::parse(std::string_view json) {
  if (json.size() > kBytesMax) return bad("file", "it is larger than 1 MiB");
  const Json root = Json::parse(json, nullptr, false);
  if (!root.is_object()) return bad("file", "it is not a JSON object");
  if (root.value("format", Json()) != "invigil-trust") return bad("format", "it must be \"invigil-trust\"");
  if (root.value("version", Json()) != 1) return bad("version", "it must be 1");
  const auto keys = root.find("keys");
  if (keys == root.end() || !keys->is_array() || root.size() != 3)
    return bad("keys", "it must be the only other member");
  TrustList trust;
  for (std::size_t i = 0; i < keys->size(); ++i) {
    const Json& one = (*keys)[i];
    const std::string where = "keys[" + std::to_string(i) + "]";
    if (!one.is_object() || one.size() != 3) return bad(where, "it must have the members kid, issuer and pem");
    INVIGIL_TRY(kid, text(one, where, "kid"));
    INVIGIL_TRY(issuer, text(one, where, "issuer"));
    INVIGIL_TRY(pem, text(one, where, "pem"));
    const auto key = publicKeyFromPem(pem);
    if (!key) return bad(where + ".pem", "it is not a P-256 public key in PEM");
    const Bytes computed = kidOf(key->get());
    if (kid != toHex(computed)) return bad(where + ".kid", "the key's id is " + toHex(computed));
    trust.keys_.push_back({computed, std::move(issuer), std::move(pem)});
  }
  return trust;
}

void TrustList::add(const std::string& issuer, const SigningKey& key) {
  keys_.push_back({key.kid(), issuer, key.publicPem()});
}

std::string TrustList::toJson() const {
  Json out{{"format", "invigil-trust"}, {"version", 1}, {"keys", Json::array()}};
  for (const Key& key : keys_)
    out["keys"].push_back({{"kid", toHex(key.kid)}, {"issuer", key.issuer}, {"pem", key.pem}});
  return out.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace invigil::credential
