// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <pugixml.hpp>
#include <string>

#include "formats/question.hpp"

namespace invigil::bank::formats {

/// The name of an element or attribute of any QTI version: "qti-choice-interaction", "imsqti:choiceInteraction" and
/// "choiceInteraction" are all "choiceinteraction".
std::string plainName(const char* name);
pugi::xml_node childNamed(const pugi::xml_node& node, const char* name);
std::string attributeNamed(const pugi::xml_node& node, const char* name);

/// What stands below a node as HTML, without interactions, feedback and rubrics.
std::string htmlBelow(const pugi::xml_node& node);

/// What an item needs of the package it stands in.
struct QtiSurroundings {
  FindPicture picture;
  /// Id of the stimulus that a reference names, "" when there is none.
  std::function<std::string(const std::string& link)> stimulus;
};

/// Adds the item or refuses it, with the reason.
void readQtiItem(Reading& reading, const pugi::xml_node& item, const Place& place, const QtiSurroundings& around);

}  // namespace invigil::bank::formats
