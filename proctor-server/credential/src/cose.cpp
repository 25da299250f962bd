// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "cose.hpp"

#include "cbor.hpp"
#include "ecdsa.hpp"

namespace invigil::credential {
namespace {

constexpr std::uint64_t kTagSign1 = 18;
constexpr std::int64_t kHeaderAlg = 1, kHeaderKid = 4, kAlgEs256 = -7;
constexpr std::size_t kPayloadBytesMax = 2700;

}  // namespace

Bytes protectedHeader(std::span<const std::uint8_t> kid) {
  return CborWriter().map(2).integer(kHeaderAlg).integer(kAlgEs256).integer(kHeaderKid).bytes(kid).out();
}

Bytes sigStructure(std::span<const std::uint8_t> protected_header, std::span<const std::uint8_t> external,
                   std::span<const std::uint8_t> payload) {
  return CborWriter().array(4).text("Signature1").bytes(protected_header).bytes(external).bytes(payload).out();
}

Bytes writeSign1(const Sign1& message) {
  return CborWriter()
      .tag(kTagSign1)
      .array(4)
      .bytes(message.protected_header)
      .map(0)
      .bytes(message.payload)
      .bytes(message.signature)
      .out();
}

Result<Sign1> readSign1(std::span<const std::uint8_t> bytes) {
  CborReader reader(bytes);
  INVIGIL_CHECK(reader.tag(kTagSign1));
  INVIGIL_CHECK(reader.array(4));
  INVIGIL_TRY(protected_header, reader.bytes(1, 32));
  INVIGIL_CHECK(reader.map(0));
  INVIGIL_TRY(payload, reader.bytes(1, kPayloadBytesMax));
  INVIGIL_TRY(signature, reader.bytes(kSignatureBytes, kSignatureBytes));
  INVIGIL_CHECK(reader.end());
  CborReader header(protected_header);
  INVIGIL_CHECK(header.map(2));
  INVIGIL_CHECK(header.key(kHeaderAlg));
  INVIGIL_TRY(algorithm, header.integer());
  if (algorithm != kAlgEs256) return malformed("its signature algorithm is not ES256");
  INVIGIL_CHECK(header.key(kHeaderKid));
  INVIGIL_TRY(kid, header.bytes(kKidBytes, kKidBytes));
  INVIGIL_CHECK(header.end());
  return Sign1{std::move(protected_header), std::move(payload), std::move(signature), std::move(kid)};
}

}  // namespace invigil::credential
