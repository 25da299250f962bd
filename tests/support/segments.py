# SPDX-FileCopyrightText: Invigil contributors
# SPDX-License-Identifier: Apache-2.0
"""Seals and opens segments of recordings as kiosk and server do (docs/formats/recording-segment.md), written anew from the
format's page and with OpenSSL's library alone, so that it holds both of them to that page."""

import ctypes
import ctypes.util
import os
import struct

MAGIC = b"IVSEG\x00\x01\n"
_crypto = ctypes.CDLL(ctypes.util.find_library("crypto") or "libcrypto.so.3")
_crypto.EVP_CIPHER_CTX_new.restype = ctypes.c_void_p
_crypto.EVP_aes_256_gcm.restype = ctypes.c_void_p
GET_TAG, SET_TAG = 0x10, 0x11


def _gcm(key, nonce, head, data, tag=None):
    """(output, tag); `tag` given = decrypt. ValueError when it does not verify."""
    context = ctypes.c_void_p(_crypto.EVP_CIPHER_CTX_new())
    out, length = ctypes.create_string_buffer(len(data) + 16), ctypes.c_int()
    direction = 1 if tag is None else 0
    try:
        _crypto.EVP_CipherInit_ex(context, ctypes.c_void_p(_crypto.EVP_aes_256_gcm()), None, key, nonce, direction)
        _crypto.EVP_CipherUpdate(context, None, ctypes.byref(length), head, len(head))
        _crypto.EVP_CipherUpdate(context, out, ctypes.byref(length), data, len(data))
        done = length.value
        if tag is not None:
            _crypto.EVP_CIPHER_CTX_ctrl(context, SET_TAG, 16, ctypes.create_string_buffer(tag, 16))
        if _crypto.EVP_CipherFinal_ex(context, ctypes.byref(out, done), ctypes.byref(length)) != 1:
            raise ValueError("the segment does not verify")
        made = ctypes.create_string_buffer(16)
        if tag is None:
            _crypto.EVP_CIPHER_CTX_ctrl(context, GET_TAG, 16, made)
        return out.raw[:len(data)], made.raw[:16]
    finally:
        _crypto.EVP_CIPHER_CTX_free(context)


def seal(key, sitting_id, number, began_ms, ended_ms, frames, content):
    name = sitting_id.encode()
    head = MAGIC + bytes([len(name)]) + name + struct.pack(">IqqI", number, began_ms, ended_ms, frames)
    nonce = os.urandom(12)
    sealed, tag = _gcm(key, nonce, head, content)
    return head + nonce + sealed + tag


def unseal(key, sealed):
    """({sitting_id, number, began_ms, ended_ms, frames}, content)."""
    if not sealed.startswith(MAGIC):
        raise ValueError("this is no segment")
    size = sealed[len(MAGIC)]
    name = len(MAGIC) + 1
    covered = name + size + 24
    number, began, ended, frames = struct.unpack(">IqqI", sealed[name + size:covered])
    content, _ = _gcm(key, sealed[covered:covered + 12], sealed[:covered], sealed[covered + 12:-16], sealed[-16:])
    return {"sitting_id": sealed[name:name + size].decode(), "number": number, "began_ms": began, "ended_ms": ended,
            "frames": frames}, content
