// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>
#include <QString>

#include "invigil/base/result.hpp"

namespace invigil::kiosk {

/// Who this kiosk is to the server; lives in the data folder.
struct Identity {
  QByteArray key_pem, certificate_pem, ca_pem;
  int kiosk_port = 0;
};

struct KeyAndRequest {
  QByteArray key_pem;      ///< PKCS#8, P-256
  QByteArray request_pem;  ///< certificate request, CN invigil-kiosk
};
/// Errors: Internal key_failed.
Result<KeyAndRequest> makeKey();

/// Whether the certificate is for this key.
bool fits(const QByteArray& key_pem, const QByteArray& certificate_pem);

/// Of two pairs (an older program was put back and has enrolled) the one whose certificate begins later.
/// Errors: NotFound, where this kiosk is not enrolled; Corrupt bad_identity.
Result<Identity> loadIdentity(const QString& data_dir);
/// `present` with the pair from before its renewal. Errors: NotFound; Corrupt bad_identity.
Result<Identity> loadBefore(const QString& data_dir, Identity present);
/// Key and certificate in one file (identity.pem, mode 0600), so that a power cut leaves the old pair or the new one; an older
/// kiosk's two files go. `before` stays beside it (identity.before.pem): a server whose database was put back knows no other.
/// Errors: Unavailable cannot_write, also where the disk does not say that the new pair will be there after a power cut.
Status savePair(const QString& data_dir, const Identity& next, const Identity& before);
/// All of it; the port last, so that half an enrolment reads as none. Errors: as savePair.
Status saveIdentity(const QString& data_dir, const Identity& identity);

}  // namespace invigil::kiosk
