// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "invigil/vision/challenge.hpp"

namespace invigil::face {

/// One sentence in both languages; "%1", "%2" … stand for what is filled in.
struct Text {
  const char *zh, *en;
};
std::string filled(std::string text, std::initializer_list<std::string> values);

/// Speaks one of the languages on stdout.
class Speaker {
 public:
  explicit Speaker(bool english) : english_(english) {}
  std::string pick(const Text& text) const { return english_ ? text.en : text.zh; }
  std::string pick(const Text& text, std::initializer_list<std::string> values) const { return filled(pick(text), values); }
  void say(const Text& text, std::initializer_list<std::string> values = {}) const;
  /// Replaces the line on a terminal; elsewhere a line of its own.
  void count(const Text& text, std::initializer_list<std::string> values) const;
  void countEnd() const;

 private:
  bool english_;
};

/// What the person (or whoever holds the artefact) is asked for, one at a time.
struct CollectStep {
  std::string id;  ///< folder name
  Text say;
  int times = 1;                        ///< lasts so many times the chosen seconds
  std::vector<vision::Action> prompts;  ///< what a drawn candidate hears, one after the other
  bool photo = false;                   ///< one picture that passes the check of reference photos
  bool listed = true;                   ///< the kiosk compares such frames: they go into the lists
};
std::vector<CollectStep> liveSteps();
/// @param species  of the artefact; a screen is not bent
std::vector<CollectStep> attackSteps(const std::string& species);

/// The notice, both languages, Chinese first. A changed text needs a new version: consent is given to one text only.
/// Source: PIPL arts. 13-15, 17, 28-30, 47; 人脸识别技术应用安全管理办法 (Order 19, 2025) arts. 5, 6, 8.
inline constexpr const char* kNoticeVersion = "site-measurement-1";
std::string notice(const std::string& keep_until);
/// 同意 or yes.
bool isConsent(std::string_view answer);

/// What is wrong with the picture, for the operator.
Text hintText(vision::Hint hint);
/// Why a reference photo is not good enough, by the ids of vision::checkReferencePhoto.
Text photoText(std::string_view reason);

}  // namespace invigil::face
