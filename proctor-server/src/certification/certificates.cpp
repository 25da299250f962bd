// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "certification/certificates.hpp"

#include <openssl/sha.h>

#include "invigil/base/random.hpp"
#include "registration/rules.hpp"
#include "sitting/sittings.hpp"

namespace invigil::server {
namespace {

constexpr int kValidMonths = 12;

}  // namespace

std::string shownNumber(const std::string& number) {
  return number.size() == 12 ? number.substr(0, 4) + "-" + number.substr(4, 4) + "-" + number.substr(8) : number;
}

Status issueCertificate(App& app, Tx& tx, const SittingRow& sitting, const bank::Blueprint& blueprint, Instant now) {
  auto person = tx.one<std::string, std::string, std::string>("select name, id_type, id_number from candidate where id = :a",
                                                             sitting.candidate_id);
  if (!person) return fail(ErrorCode::Internal, "internal", "A sitting without its candidate.");
  const auto& [name, id_type, number] = *person;
  Bytes salted(16);
  randomBytes(salted.data(), salted.size());
  const std::string salt = toHex(salted);
  for (char c : id_type + ":" + number) salted.push_back(static_cast<std::uint8_t>(c));
  Bytes digest(SHA256_DIGEST_LENGTH);
  SHA256(salted.data(), salted.size(), digest.data());
  digest.resize(16);

  credential::TheoryPass pass;
  pass.id = randomCode(12);
  pass.issuer = app.config.centre;
  pass.name = name;
  pass.id_digest = digest;
  pass.blueprint = blueprint.id;
  pass.title_zh = blueprint.title.zh;
  pass.title_en = blueprint.title.en;
  pass.role = bank::toText(blueprint.role);
  pass.category = blueprint.category;
  pass.points = static_cast<int>(sitting.points);
  pass.points_max = static_cast<int>(sitting.points_max);
  pass.sat_at = std::chrono::floor<seconds>(fromMillis(*sitting.finished_ms));
  pass.issued_at = std::chrono::floor<seconds>(now);
  pass.expires_at = addMonths(pass.issued_at, kValidMonths);
  tx.exec("insert into certificate(id, sitting_id, candidate_id, text, salt, issued_ms, expires_ms) "
          "values (:a, :b, :c, :d, :e, :f, :g)",
          pass.id, sitting.id, sitting.candidate_id, credential::issue(pass, *app.signing_key), salt, toMillis(pass.issued_at),
          toMillis(pass.expires_at));
  audit(tx, now, "server", "certificate_issued", pass.id);
  return {};
}

Json certificateJson(Tx& tx, const std::string& sitting_id) {
  auto row = tx.one<std::string, std::string, std::int64_t, std::int64_t>(
      "select id, text, expires_ms, issued_ms from certificate where sitting_id = :a", sitting_id);
  if (!row) return nullptr;
  const auto& [id, text, expires, issued] = *row;
  return {{"id", shownNumber(id)}, {"text", text}, {"expires_ms", expires}, {"issued_ms", issued}};
}

}  // namespace invigil::server
