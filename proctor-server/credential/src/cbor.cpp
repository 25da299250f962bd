// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "cbor.hpp"

#include <limits>

namespace invigil::credential {

tl::unexpected<Error> malformed(std::string what) {
  return fail(ErrorCode::Corrupt, "malformed_credential",
              "The credential is damaged or was not made by Invigil: " + std::move(what) + ".");
}

CborWriter& CborWriter::head(Major major, std::uint64_t value) {
  const auto type = static_cast<std::uint8_t>(static_cast<unsigned>(major) << 5);
  if (value < 24) {
    out_.push_back(static_cast<std::uint8_t>(type | value));
    return *this;
  }
  const int log2 = value <= 0xFF ? 0 : value <= 0xFFFF ? 1 : value <= 0xFFFFFFFF ? 2 : 3;
  out_.push_back(static_cast<std::uint8_t>(type | (24 + log2)));
  for (int shift = 8 * ((1 << log2) - 1); shift >= 0; shift -= 8)
    out_.push_back(static_cast<std::uint8_t>(value >> shift));
  return *this;
}

CborWriter& CborWriter::integer(std::int64_t value) {
  return value >= 0 ? head(Major::Unsigned, static_cast<std::uint64_t>(value))
                    : head(Major::Negative, static_cast<std::uint64_t>(-1 - value));
}

CborWriter& CborWriter::bytes(std::span<const std::uint8_t> value) {
  head(Major::Bytes, value.size());
  out_.insert(out_.end(), value.begin(), value.end());
  return *this;
}

CborWriter& CborWriter::text(std::string_view value) {
  head(Major::Text, value.size());
  out_.insert(out_.end(), value.begin(), value.end());
  return *this;
}

Result<CborReader::Head> CborReader::head() {
  if (at_ == data_.size()) return malformed("it ends too early");
  const std::uint8_t first = data_[at_++];
  const auto major = static_cast<Major>(first >> 5);
  const unsigned info = first & 31;
  if (info < 24) return Head{major, info};
  if (info > 27) return malformed("a length is not definite");
  const std::size_t count = std::size_t{1} << (info - 24);
  if (data_.size() - at_ < count) return malformed("it ends too early");
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < count; ++i) value = value << 8 | data_[at_++];
  const std::uint64_t least = info == 24 ? 24 : std::uint64_t{1} << (4 * count);
  if (value < least) return malformed("a number is not in its shortest form");
  return Head{major, value};
}

Status CborReader::exact(Major major, std::uint64_t value) {
  INVIGIL_TRY(got, head());
  if (got.major != major || got.value != value) return malformed("an unexpected structure");
  return {};
}

Result<std::int64_t> CborReader::integer() {
  INVIGIL_TRY(got, head());
  if (got.value > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
    return malformed("a number is too large");
  if (got.major == Major::Unsigned) return static_cast<std::int64_t>(got.value);
  if (got.major == Major::Negative) return -1 - static_cast<std::int64_t>(got.value);
  return malformed("a number is missing");
}

Status CborReader::key(std::int64_t label) {
  INVIGIL_TRY(got, integer());
  if (got != label) return malformed("a claim is missing, unknown, repeated or out of order");
  return {};
}

Result<Bytes> CborReader::bytes(std::size_t min, std::size_t max) {
  INVIGIL_TRY(got, head());
  if (got.major != Major::Bytes || got.value < min || got.value > max || got.value > data_.size() - at_)
    return malformed("a byte string is missing or has a wrong length");
  const auto part = data_.subspan(at_, static_cast<std::size_t>(got.value));
  at_ += part.size();
  return Bytes(part.begin(), part.end());
}

Result<std::string> CborReader::text(std::size_t bytes_max) {
  INVIGIL_TRY(got, head());
  if (got.major != Major::Text || got.value > bytes_max || got.value > data_.size() - at_)
    return malformed("a text is missing or too long");
  const auto part = data_.subspan(at_, static_cast<std::size_t>(got.value));
  at_ += part.size();
  std::string value(part.begin(), part.end());
  if (!isUtf8(value)) return malformed("a text is not UTF-8");
  return value;
}

Result<bool> CborReader::boolean() {
  INVIGIL_TRY(got, head());
  if (got.major != Major::Simple || (got.value != 20 && got.value != 21)) return malformed("a yes or no is missing");
  return got.value == 21;
}

Status CborReader::end() const {
  if (at_ != data_.size()) return malformed("something follows after its end");
  return {};
}

}  // namespace invigil::credential
