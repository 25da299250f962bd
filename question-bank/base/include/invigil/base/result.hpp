// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace invigil {

/// What kind of failure the world caused. Callers decide by this; people read Error::reason and detail.
enum class ErrorCode {
  InvalidInput,     ///< the caller's data is wrong; the same call can never succeed
  NotFound,         ///< nothing there under that name
  Conflict,         ///< the state has moved on: taken, already done, closed
  Unauthenticated,  ///< who is calling is not known
  Forbidden,        ///< who is calling is known and may not
  TooLarge,         ///< a size limit was passed
  TooMany,          ///< a rate or count limit was passed; later calls may succeed
  Unavailable,      ///< a needed part is absent or down (disk, network, camera, model)
  Corrupt,          ///< stored or signed data does not verify
  Internal,         ///< a failure with no better name; always logged
};

/// One failure.
struct Error {
  ErrorCode code = ErrorCode::Internal;
  std::string reason;  ///< stable id in snake_case, e.g. "seat_taken"; part of the API
  std::string detail;  ///< a sentence: what, where, what to do. Never holds personal data.
  std::string where;   ///< place in the input or the code path: "items[12].key", "sites.cpp"
};

/// A value or an Error; must be looked at.
template <class T>
class [[nodiscard]] Result : public tl::expected<T, Error> {
 public:
  using tl::expected<T, Error>::expected;
};

using Status = Result<void>;

/// Makes the failed Result: `return fail(ErrorCode::NotFound, "no_such_site", "…");`
inline tl::unexpected<Error> fail(ErrorCode code, std::string reason, std::string detail = {},
                                  std::string where = {}) {
  return tl::unexpected<Error>(Error{code, std::move(reason), std::move(detail), std::move(where)});
}

/// Passes a failure on: `return fail(result.error());`
inline tl::unexpected<Error> fail(Error error) { return tl::unexpected<Error>(std::move(error)); }

}  // namespace invigil

#define INVIGIL_CONCAT_(a, b) a##b
#define INVIGIL_CONCAT(a, b) INVIGIL_CONCAT_(a, b)
/// Unwraps a Result into a new variable or returns its error: INVIGIL_TRY(site, findSite(id));
#define INVIGIL_TRY(variable, expression)                                      \
  auto INVIGIL_CONCAT(try_, __LINE__) = (expression);                          \
  if (!INVIGIL_CONCAT(try_, __LINE__))                                         \
    return ::invigil::fail(std::move(INVIGIL_CONCAT(try_, __LINE__)).error()); \
  auto variable = std::move(*INVIGIL_CONCAT(try_, __LINE__))
/// The same for a Status.
#define INVIGIL_CHECK(expression)                                                 \
  do {                                                                            \
    if (auto try_status = (expression); !try_status)                              \
      return ::invigil::fail(std::move(try_status).error());                      \
  } while (false)
