// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "claims.hpp"

#include <algorithm>
#include <array>

#include "cbor.hpp"
#include "invigil/base/assert.hpp"

namespace invigil::credential {
namespace {

// Labels in the order of their encoded bytes, which is how a deterministic map stands.
enum Label : std::int64_t {
  kId = 1, kIssuer, kName, kIdDigest, kBlueprint, kTitleZh, kTitleEn, kRole, kCategory, kPoints, kPointsMax, kSatAt,
  kIssuedAt, kExpiresAt, kNotAWorkPermit, kReplaces, kEnd
};

constexpr std::array<std::string_view, 3> kRoles = {"special_operations", "principal", "manager"};
constexpr std::size_t kIdDigestBytes = 16, kTextBytesMax = 800;
constexpr std::int64_t kPointsMost = 100000;
constexpr std::int64_t kYear10000 = 253402300800;

std::int64_t wholeSeconds(Instant t) { return std::chrono::floor<seconds>(t.time_since_epoch()).count(); }

Status readText(CborReader& reader, Label label, std::string& into) {
  INVIGIL_CHECK(reader.key(label));
  INVIGIL_TRY(text, reader.text(kTextBytesMax));
  into = std::move(text);
  return {};
}

Status readNumber(CborReader& reader, Label label, std::int64_t max, std::int64_t& into) {
  INVIGIL_CHECK(reader.key(label));
  INVIGIL_TRY(number, reader.integer());
  if (number < 0 || number > max) return malformed("a number is out of range");
  into = number;
  return {};
}

Status readInstant(CborReader& reader, Label label, Instant& into) {
  std::int64_t number = 0;
  INVIGIL_CHECK(readNumber(reader, label, kYear10000 - 1, number));
  into = Instant{seconds{number}};
  return {};
}

}  // namespace

bool isSecondForm(const TheoryPass& pass) {
  return pass.points_x100 % 100 != 0 || pass.points_max_x100 % 100 != 0 || !pass.replaces.empty();
}

Bytes writeClaims(const TheoryPass& pass) {
  const auto role = std::find(kRoles.begin(), kRoles.end(), pass.role);
  INVIGIL_ASSERT(role != kRoles.end());
  INVIGIL_ASSERT(pass.id_digest.size() == kIdDigestBytes);
  CborWriter out;
  const bool second = isSecondForm(pass);
  out.map(second ? kReplaces : kNotAWorkPermit);
  out.integer(kId).text(pass.id);
  out.integer(kIssuer).text(pass.issuer);
  out.integer(kName).text(pass.name);
  out.integer(kIdDigest).bytes(pass.id_digest);
  out.integer(kBlueprint).text(pass.blueprint);
  out.integer(kTitleZh).text(pass.title_zh);
  out.integer(kTitleEn).text(pass.title_en);
  out.integer(kRole).integer(role - kRoles.begin());
  out.integer(kCategory).text(pass.category);
  out.integer(kPoints).integer(second ? pass.points_x100 : pass.points_x100 / 100);
  out.integer(kPointsMax).integer(second ? pass.points_max_x100 : pass.points_max_x100 / 100);
  out.integer(kSatAt).integer(wholeSeconds(pass.sat_at));
  out.integer(kIssuedAt).integer(wholeSeconds(pass.issued_at));
  out.integer(kExpiresAt).integer(wholeSeconds(pass.expires_at));
  out.integer(kNotAWorkPermit).boolean(true);
  if (second) out.integer(kReplaces).text(pass.replaces);
  return out.out();
}

Result<TheoryPass> readClaims(std::span<const std::uint8_t> payload, bool second) {
  CborReader reader(payload);
  TheoryPass pass;
  std::int64_t role = 0, points = 0, points_max = 0;
  INVIGIL_CHECK(reader.map(second ? kReplaces : kNotAWorkPermit));
  INVIGIL_CHECK(readText(reader, kId, pass.id));
  INVIGIL_CHECK(readText(reader, kIssuer, pass.issuer));
  INVIGIL_CHECK(readText(reader, kName, pass.name));
  INVIGIL_CHECK(reader.key(kIdDigest));
  INVIGIL_TRY(digest, reader.bytes(kIdDigestBytes, kIdDigestBytes));
  INVIGIL_CHECK(readText(reader, kBlueprint, pass.blueprint));
  INVIGIL_CHECK(readText(reader, kTitleZh, pass.title_zh));
  INVIGIL_CHECK(readText(reader, kTitleEn, pass.title_en));
  INVIGIL_CHECK(readNumber(reader, kRole, kRoles.size() - 1, role));
  INVIGIL_CHECK(readText(reader, kCategory, pass.category));
  INVIGIL_CHECK(readNumber(reader, kPoints, kPointsMost * (second ? 100 : 1), points));
  INVIGIL_CHECK(readNumber(reader, kPointsMax, kPointsMost * (second ? 100 : 1), points_max));
  INVIGIL_CHECK(readInstant(reader, kSatAt, pass.sat_at));
  INVIGIL_CHECK(readInstant(reader, kIssuedAt, pass.issued_at));
  INVIGIL_CHECK(readInstant(reader, kExpiresAt, pass.expires_at));
  INVIGIL_CHECK(reader.key(kNotAWorkPermit));
  INVIGIL_TRY(no_permit, reader.boolean());
  if (second) INVIGIL_CHECK(readText(reader, kReplaces, pass.replaces));
  INVIGIL_CHECK(reader.end());
  if (!no_permit || points > points_max || pass.expires_at <= pass.issued_at || pass.id.empty() || pass.name.empty())
    return malformed("its claims contradict each other");
  pass.id_digest = std::move(digest);
  pass.role = kRoles[static_cast<std::size_t>(role)];
  pass.points_x100 = static_cast<int>(second ? points : points * 100);
  pass.points_max_x100 = static_cast<int>(second ? points_max : points_max * 100);
  if (second && !isSecondForm(pass)) return malformed("it says in the second form what the first one says");
  return pass;
}

}  // namespace invigil::credential
