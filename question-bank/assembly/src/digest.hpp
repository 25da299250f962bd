// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "invigil/base/random.hpp"
#include "invigil/base/text.hpp"

namespace invigil::assembly {

using Digest = Seed;  ///< 32 bytes; a digest is also what seeds a ChaCha20 stream

Digest sha256(std::string_view bytes);
Digest hmac(std::string_view key, std::string_view text);
/// HKDF-SHA256 (RFC 5869) with an output of 32 bytes.
Digest hkdf(std::string_view secret, std::string_view salt, std::string_view info);
/// RFC 6962 Merkle tree hash of leaf hashes: node = SHA-256(0x01 || left || right); no leaves = SHA-256("").
Digest merkleRoot(const std::vector<Digest>& leaves);

/// SHA-256(0x00 || salt || slot "|" || SHA-256(items) || SHA-256(options)), texts as papers.jsonl states them.
Digest paperLeaf(const Digest& salt, int slot, std::string_view items, std::string_view options);

inline std::string hex(const Digest& digest) { return toHex(digest); }
inline std::string_view view(const Digest& digest) { return {reinterpret_cast<const char*>(digest.data()), digest.size()}; }
inline std::string sha256Hex(std::string_view bytes) { return hex(sha256(bytes)); }

}  // namespace invigil::assembly
