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
constexpr std::size_t kTitleBytesMax = 120;  ///< 40 Chinese characters: both titles at that make a QR code of 89 by 89 for a usual name
constexpr std::string_view kMore = "…";

/// A title as the pass holds it. One of 200 characters, which a blueprint may have, would make a code that a telephone does not
/// read; refused at the blueprint it would help nobody who sits under an older one. The blueprint's id, beside it, is whole.
std::string titleInPass(const std::string& title) {
  if (title.size() <= kTitleBytesMax) return title;
  std::size_t end = kTitleBytesMax - kMore.size();
  while ((static_cast<unsigned char>(title[end]) & 0xC0) == 0x80) --end;  // not within a character
  return trim(std::string_view(title).substr(0, end)) + std::string(kMore);
}

}  // namespace

Instant certificateExpiry(Tx& tx, const SittingRow& sitting, const std::string& replaces) {
  // A second grading makes nobody's knowledge fresher: what is replaced keeps its end, all else is reckoned from the exam.
  if (!replaces.empty())
    if (const auto end = tx.value<std::int64_t>("select expires_ms from certificate where id = :a", replaces)) return credential::endOfDay(fromMillis(*end));
  return endOfDayMonthsLater(fromMillis(*sitting.finished_ms), kValidMonths);
}

std::string shownNumber(const std::string& number) {
  return number.size() == 12 ? number.substr(0, 4) + "-" + number.substr(4, 4) + "-" + number.substr(8) : number;
}

Result<std::string> issueCertificate(App& app, Tx& tx, const SittingRow& sitting, const bank::Blueprint& blueprint, Instant now,
                                     const std::string& replaces) {
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
  pass.title_zh = titleInPass(blueprint.title.zh);
  pass.title_en = titleInPass(blueprint.title.en);
  pass.role = bank::toText(blueprint.role);
  pass.category = blueprint.category;
  pass.points_x100 = static_cast<int>(sitting.points.hundredths());
  pass.points_max_x100 = static_cast<int>(sitting.points_max.hundredths());
  pass.replaces = replaces;
  pass.sat_at = std::chrono::floor<seconds>(fromMillis(*sitting.finished_ms));
  pass.issued_at = std::chrono::floor<seconds>(now);
  pass.expires_at = certificateExpiry(tx, sitting, replaces);
  tx.exec("insert into certificate(id, sitting_id, candidate_id, text, salt, issued_ms, expires_ms, replaces) "
          "values (:a, :b, :c, :d, :e, :f, :g, :h)",
          pass.id, sitting.id, sitting.candidate_id, credential::issue(pass, *app.signing_key), salt, toMillis(pass.issued_at),
          toMillis(pass.expires_at), replaces);
  audit(tx, now, "server", "certificate_issued", pass.id);
  return pass.id;
}

std::string certificateInForce(Tx& tx, const std::string& sitting_id) {
  return tx.value<std::string>("select id from certificate where sitting_id = :a and revoked_ms is null", sitting_id).value_or("");
}

void withdrawCertificate(Tx& tx, const std::string& id, const std::string& why, Instant now) {
  tx.exec("update certificate set revoked_ms = :a, revoked_why = :b where id = :c and revoked_ms is null", toMillis(now), why, id);
  audit(tx, now, "server", "certificate_withdrawn", id);
}

void noteReplacement(Tx& tx, const std::string& id, const std::string& replaced_by) {
  tx.exec("update certificate set replaced_by = :a where id = :b", replaced_by, id);
}

Json withdrawnJson(Tx& tx, const std::string& sitting_id) {
  Json list = Json::array();
  for (auto& [id, at, why, replaced_by] : tx.all<std::string, std::int64_t, std::string, std::string>(
           "select id, revoked_ms, revoked_why, replaced_by from certificate where sitting_id = :a and revoked_ms is not null "
           "order by revoked_ms desc, issued_ms desc", sitting_id))
    list.push_back({{"certificate_id", shownNumber(id)}, {"state", replaced_by.empty() ? "revoked" : "superseded"}, {"reason", why}, {"at_ms", at}});
  return list;
}

Json certificateJson(Tx& tx, const std::string& sitting_id) {
  auto row = tx.one<std::string, std::string, std::int64_t, std::int64_t>(
      "select id, text, expires_ms, issued_ms from certificate where sitting_id = :a and revoked_ms is null", sitting_id);
  if (!row) return nullptr;
  const auto& [id, text, expires, issued] = *row;
  return {{"id", shownNumber(id)}, {"text", text}, {"expires_ms", expires}, {"issued_ms", issued}};
}

}  // namespace invigil::server
