// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstring>
#include <filesystem>
#include <iostream>
#include <opencv2/imgcodecs.hpp>

#include "chip_photo.hpp"
#include "commands.hpp"
#include "invigil/base/text.hpp"
#include "rates.hpp"

namespace invigil::face {
namespace {

namespace fs = std::filesystem;

struct Size {
  std::int64_t width = 0, height = 0;
  bool fits() const { return width <= kMeasuredPixelsMax && height <= kMeasuredPixelsMax && width * height <= kMeasuredPixelsMax; }
};

std::int64_t number(std::string_view b, std::size_t at, int bytes, bool big) {
  std::uint32_t value = 0;
  for (int i = 0; i < bytes; ++i) value = value << 8 | static_cast<std::uint8_t>(b[at + static_cast<std::size_t>(big ? i : bytes - 1 - i)]);
  return bytes == 4 && !big ? std::abs(static_cast<std::int64_t>(static_cast<std::int32_t>(value))) : value;
}

std::optional<Size> jpegSize(std::string_view b) {
  for (std::size_t at = 2; at + 9 < b.size();) {
    const auto marker = static_cast<std::uint8_t>(b[at + 1]);
    if (static_cast<std::uint8_t>(b[at]) != 0xFF || marker == 0xD9 || marker == 0xDA) return std::nullopt;
    if (marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC) return Size{number(b, at + 7, 2, true), number(b, at + 5, 2, true)};
    at += marker == 0xFF ? 1 : marker == 0x01 || (marker >= 0xD0 && marker <= 0xD8) ? 2 : 2 + static_cast<std::size_t>(number(b, at + 2, 2, true));
  }
  return std::nullopt;
}

/// What the header says. The decoder takes memory for that, whatever follows; other formats than these have the decoder's own limit alone.
std::optional<Size> declaredSize(std::string_view b) {
  if (b.starts_with("\xFF\xD8\xFF")) return jpegSize(b);
  if (b.starts_with("\x89PNG") && b.size() > 24) return Size{number(b, 16, 4, true), number(b, 20, 4, true)};
  if (b.starts_with("BM") && b.size() > 26) return Size{number(b, 18, 4, false), number(b, 22, 4, false)};
  return std::nullopt;
}

/// From marker to marker and through the compressed data to the end, whatever follows it. libjpeg fills what is missing with grey and only warns; an
/// end marker inside the header is that of a small preview.
bool jpegIsWhole(std::string_view b) {
  for (std::size_t at = 2; at + 1 < b.size();) {
    const auto marker = static_cast<std::uint8_t>(b[at + 1]);
    if (static_cast<std::uint8_t>(b[at]) != 0xFF || marker == 0xFF) {
      ++at;
      continue;
    }
    if (marker == 0xD9) return true;
    const bool alone = marker == 0x00 || marker == 0x01 || (marker >= 0xD0 && marker <= 0xD8);
    if (!alone && at + 3 >= b.size()) return false;
    at += alone ? 2 : 2 + static_cast<std::size_t>(number(b, at + 2, 2, true));
  }
  return false;
}

bool isWhole(std::string_view b) {
  if (b.starts_with("\xFF\xD8\xFF")) return jpegIsWhole(b);
  return !b.starts_with("\x89PNG") || b.rfind("IEND") != std::string_view::npos;
}

}  // namespace

Result<vision::Frame> readPicture(const std::string& path) {
  const auto refuse = [&](ErrorCode code, const char* reason, const std::string& why) { return fail(code, reason, path + ": " + why, "pictures.cpp"); };
  const auto large = [&] { return refuse(ErrorCode::TooLarge, "image_too_large", "the picture has more than 100 megapixels"); };
  const auto content = readFile(path, kMeasuredBytesMax);
  // The path is in the sentence already.
  if (!content && content.error().detail.find(path) != std::string::npos) return fail(content.error());
  if (!content) return refuse(content.error().code, content.error().reason.c_str(), content.error().detail);
  if (!isWhole(*content)) return refuse(ErrorCode::InvalidInput, "bad_image", "the picture is cut off or damaged: its end is missing");
  if (content->size() <= vision::kImageBytesMax)
    if (auto frame = vision::decodeImage({reinterpret_cast<const std::uint8_t*>(content->data()), content->size()})) return frame;
  // Research sets hold BMP files named .jpg, pictures of 20 megapixels and the like; a booking photo may not, a measurement may.
  if (const auto size = declaredSize(*content); size && !size->fits()) return large();
  try {
    const cv::Mat bytes(1, static_cast<int>(content->size()), CV_8UC1, const_cast<char*>(content->data()));
    const cv::Mat picture = content->empty() ? cv::Mat() : cv::imdecode(bytes, cv::IMREAD_COLOR);
    if (!picture.empty() && picture.isContinuous()) {
      if (!Size{picture.cols, picture.rows}.fits()) return large();
      if (picture.cols < 16 || picture.rows < 16) return refuse(ErrorCode::InvalidInput, "bad_image", "the picture is smaller than 16 pixels");
      return vision::Frame{picture.cols, picture.rows, {picture.data, picture.data + picture.total() * 3}, milliseconds{0}};
    }
  } catch (const std::exception&) {
    // OpenCV throws at absurd headers and where memory ends.
  }
  return refuse(ErrorCode::InvalidInput, "bad_image", "no picture that can be read");
}

void tellUnreadable(std::size_t place, const std::string& why) {
  if (place <= 10) std::cerr << "unreadable: " << why << "\n";
  if (place == 11) std::cerr << "further pictures that cannot be read are in the report alone\n";
}

std::string rootOf(const Arguments& arguments, const std::string& list, const std::vector<std::string>& names) {
  if (arguments.has("root")) return arguments.value("root");
  const std::string beside = fs::path(list).parent_path().string();
  std::error_code ignored;
  for (const auto& name : names) {
    if (fs::exists(placeOf(".", name), ignored)) return ".";
    if (fs::exists(placeOf(beside, name), ignored)) return beside.empty() ? "." : beside;
  }
  return ".";
}

std::string placeOf(const std::string& root, const std::string& name) {
  const fs::path exact = fs::path(root) / name;
  std::error_code ignored;
  if (name.find('\\') == std::string::npos || fs::exists(exact, ignored)) return exact.string();
  std::string slashed = name;
  std::replace(slashed.begin(), slashed.end(), '\\', '/');
  return (fs::path(root) / slashed).string();
}

nlohmann::json toJson(const Failures& failures) {
  std::vector<std::string> both = failures.no_face;
  both.insert(both.end(), failures.unreadable.begin(), failures.unreadable.end());
  std::sort(both.begin(), both.end());
  return {{"pictures", failures.pictures}, {"failures", failures.count()}, {"no_face", failures.no_face.size()}, {"unreadable", failures.unreadable.size()},
          {"failure_to_enrol", toJson(Rate{static_cast<long>(failures.count()), static_cast<long>(failures.pictures)})},
          {"failed_pictures", both}, {"unreadable_pictures", failures.unreadable}};
}

std::string Pictures::keyOf(const std::string& name, bool reference) {
  auto known = first_names_.find(name);
  if (known == first_names_.end()) {
    // Named by the file in the end, so that it is no other name of the list; ":" keeps both kinds of keys apart.
    std::error_code failed;
    const std::string file = ":" + fs::weakly_canonical(placeOf(root_, name), failed).string();
    const std::string first = failed ? name : first_names_.try_emplace(file, name).first->second;
    known = first_names_.try_emplace(name, first).first;
  }
  return reference && chip_bytes ? "chip " + known->second : known->second;
}

const Described& Pictures::described(const std::string& name, bool chip) {
  const auto [place, fresh] = known_.try_emplace(keyOf(name, chip));
  if (!fresh) return place->second;
  try {
    look(place->second, name, chip);
  } catch (const std::exception& error) {
    // A shape that a net or OpenCV does not take is one picture less, not the end of the measurement.
    place->second = {};
    place->second.unreadable = name + ": " + error.what();
  }
  if (!place->second.unreadable.empty()) tellUnreadable(++unreadable_, place->second.unreadable);
  return place->second;
}

void Pictures::look(Described& one, const std::string& name, bool chip) {
  auto frame = readPicture(placeOf(root_, name));
  if (!frame) {
    one.unreadable = frame.error().detail;
    return;
  }
  vision::Look look = engine_.look(*frame, {.thorough = true});
  if (chip && look.faces > 0) {
    *frame = asChipPhoto(*frame, look, chip_bytes.value_or(0));
    look = engine_.look(*frame, {.thorough = true});
  }
  if (look.faces == 0) return;
  one.detection = look.detection;
  if (auto first = engine_.embed(*frame)) one.first = std::move(*first);
  if (verifier_ != Verifier::MobileFaceNet)
    if (auto second = engine_.embedSecond(*frame)) one.second = std::move(*second);
}

Failures Pictures::failures() const {
  std::set<std::string> keys;
  for (const auto& [key, one] : known_) keys.insert(key);
  return failures(keys);
}

Failures Pictures::failures(const std::set<std::string>& keys) const {
  Failures out;
  for (const auto& key : keys) {
    const auto place = known_.find(key);
    if (place == known_.end()) continue;
    ++out.pictures;
    if (!place->second.unreadable.empty()) out.unreadable.push_back(key);
    else if (!usable(place->second, verifier_)) out.no_face.push_back(key);
  }
  return out;
}

}  // namespace invigil::face
