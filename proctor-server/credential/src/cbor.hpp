// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "invigil/base/text.hpp"

// The part of CBOR that a credential needs, in core deterministic encoding (RFC 8949 section 4.2.1): shortest heads,
// definite lengths only. Map order is the caller's: keys ascending by their encoded bytes.
namespace invigil::credential {

enum class Major : std::uint8_t { Unsigned, Negative, Bytes, Text, Array, Map, Tag, Simple };

class CborWriter {
 public:
  CborWriter& integer(std::int64_t value);
  CborWriter& bytes(std::span<const std::uint8_t> value);
  CborWriter& text(std::string_view value);
  CborWriter& array(std::size_t count) { return head(Major::Array, count); }
  CborWriter& map(std::size_t pairs) { return head(Major::Map, pairs); }
  CborWriter& tag(std::uint64_t number) { return head(Major::Tag, number); }
  CborWriter& boolean(bool value) { return head(Major::Simple, value ? 21 : 20); }
  const Bytes& out() const { return out_; }

 private:
  CborWriter& head(Major major, std::uint64_t value);
  Bytes out_;
};

/// Reads what the caller expects next; anything else, any longer form and any indefinite length is a failure.
/// Errors of every function: Corrupt malformed_credential.
class CborReader {
 public:
  explicit CborReader(std::span<const std::uint8_t> data) : data_(data) {}
  Result<std::int64_t> integer();
  /// A byte string of min..max bytes.
  Result<Bytes> bytes(std::size_t min, std::size_t max);
  Result<std::string> text(std::size_t bytes_max);
  Status array(std::uint64_t count) { return exact(Major::Array, count); }
  Status map(std::uint64_t pairs) { return exact(Major::Map, pairs); }
  Status tag(std::uint64_t number) { return exact(Major::Tag, number); }
  Status key(std::int64_t label);
  Result<bool> boolean();
  /// Succeeds when nothing is left.
  Status end() const;

 private:
  struct Head {
    Major major;
    std::uint64_t value;
  };
  Result<Head> head();
  Status exact(Major major, std::uint64_t value);
  std::span<const std::uint8_t> data_;
  std::size_t at_ = 0;
};

/// The failure of every reader.
tl::unexpected<Error> malformed(std::string what);

}  // namespace invigil::credential
