// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "formats/compound_file.hpp"

#include <algorithm>
#include <vector>

#include "formats/byte_reader.hpp"

namespace invigil::bank::formats {
namespace {

constexpr std::string_view kSignature = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";
constexpr std::uint32_t kSectorsMax = 0xFFFFFFFA;  ///< numbers above mark ends and free sectors
constexpr std::size_t kEntryBytes = 128, kMiniShift = 6;

struct Entry {
  std::string name;  ///< its ASCII letters
  std::uint8_t kind = 0;
  std::uint32_t start = 0, bytes = 0;
};

class CompoundFile {
 public:
  explicit CompoundFile(std::string_view file) : file_(file) {}

  std::optional<std::string> stream(std::initializer_list<std::string_view> names) {
    if (!open()) return std::nullopt;
    for (std::string_view name : names)
      for (const Entry& entry : entries_)
        if (entry.kind == 2 && entry.name == name) return bytesOf(entry);
    return std::nullopt;
  }

 private:
  std::string_view sector(std::uint32_t number) const {
    const std::size_t at = (static_cast<std::size_t>(number) + 1) << shift_;
    return at < file_.size() ? file_.substr(at, std::size_t{1} << shift_) : std::string_view();
  }

  /// The sectors from `start` on, as far as the table leads without going in a circle.
  std::string chain(std::uint32_t start, const std::vector<std::uint32_t>& table, std::size_t bytes_max) const {
    std::string out;
    std::size_t steps = 0;
    for (std::uint32_t at = start; at < table.size() && steps++ < table.size() && out.size() < bytes_max; at = table[at]) out += sector(at);
    out.resize(std::min(out.size(), bytes_max));
    return out;
  }

  static void numbers(std::string_view bytes, std::vector<std::uint32_t>& into) {
    for (ByteReader reader(bytes); reader.left() >= 4;) into.push_back(reader.u32());
  }

  bool open() {
    if (!file_.starts_with(kSignature)) return false;
    ByteReader head(file_);
    head.skip(30);
    shift_ = head.u16();
    head.skip(16);
    const std::uint32_t directory = head.u32();
    head.skip(4);
    cutoff_ = head.u32();
    const std::uint32_t mini_start = head.u32();
    head.skip(4);
    std::uint32_t more = head.u32();
    head.skip(4);
    if (!head.ok() || (shift_ != 9 && shift_ != 12)) return false;
    const std::size_t sectors_max = file_.size() >> shift_;
    std::vector<std::uint32_t> places;
    numbers(head.take(109 * 4), places);
    for (std::size_t steps = 0; more < kSectorsMax && steps < sectors_max; ++steps) {
      numbers(sector(more), places);
      if (places.empty()) return false;
      more = places.back();  // the last number of such a sector names the next one
      places.pop_back();
    }
    for (std::uint32_t place : places)
      if (place < kSectorsMax && table_.size() <= sectors_max + 1024) numbers(sector(place), table_);
    numbers(chain(mini_start, table_, file_.size()), mini_table_);
    const std::string listed = chain(directory, table_, file_.size());
    for (std::size_t at = 0; at + kEntryBytes <= listed.size(); at += kEntryBytes) entries_.push_back(entryOf(std::string_view(listed).substr(at, kEntryBytes)));
    if (entries_.empty()) return false;
    mini_ = chain(entries_.front().start, table_, file_.size());
    return true;
  }

  static Entry entryOf(std::string_view bytes) {
    Entry entry;
    ByteReader reader(bytes);
    for (int i = 0; i < 32; ++i)
      if (const std::uint16_t unit = reader.u16(); unit > 0 && unit < 0x80) entry.name += static_cast<char>(unit);
    reader.skip(2);
    entry.kind = reader.u8();
    reader.skip(49);
    entry.start = reader.u32();
    entry.bytes = reader.u32();
    return entry;
  }

  std::string bytesOf(const Entry& entry) const {
    if (entry.bytes >= cutoff_) return chain(entry.start, table_, entry.bytes);
    std::string out;
    std::size_t steps = 0;
    for (std::uint32_t at = entry.start; at < mini_table_.size() && steps++ < mini_table_.size() && out.size() < entry.bytes; at = mini_table_[at]) {
      const std::size_t place = static_cast<std::size_t>(at) << kMiniShift;
      if (place < mini_.size()) out += mini_.substr(place, std::size_t{1} << kMiniShift);
    }
    out.resize(std::min<std::size_t>(out.size(), entry.bytes));
    return out;
  }

  std::string_view file_;
  std::size_t shift_ = 9;
  std::uint32_t cutoff_ = 4096;
  std::vector<std::uint32_t> table_, mini_table_;
  std::vector<Entry> entries_;
  std::string mini_;
};

}  // namespace

bool isCompoundFile(std::string_view bytes) { return bytes.starts_with(kSignature.substr(0, 4)); }

std::optional<std::string> streamOf(std::string_view file, std::initializer_list<std::string_view> names) { return CompoundFile(file).stream(names); }

}  // namespace invigil::bank::formats
