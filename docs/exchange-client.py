#!/usr/bin/env python3
"""A small client of the exchange (docs/exchange.md), to show that the format can be built from its description alone.

It needs Python 3.10 and the package `cryptography`; HPKE (RFC 9180) is written out by hand below.

    exchange-client.py pull --url https://gateway.nts.example --sign-key madang.json --seal-key nts-seal.json \\
        --verify-key nts-sign.json --subject-key subjects.json --number 900101-1234567 --name 김민지 \\
        --kind income-amount-certificate --item amount --item year --purpose basic-livelihood-benefit \\
        --case 019dab3e-… --consent 019dab3e-… --consent-given 2026-11-22T08:59:00Z
    exchange-client.py --check vectors.json

Key files are those of docs/exchange.md. The reply's JSON is written to standard output. Exit codes: 0 for a reply that was
verified, 1 for one that was not, 2 for wrong arguments.
"""

import argparse
import base64
import datetime
import hashlib
import hmac
import http.client
import json
import os
import re
import sys
import time
import urllib.parse
import uuid

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

SEALED = "application/vnd.madang.exchange"
OPEN_REFUSAL = "application/vnd.madang.refusal+json"
REQUEST_COVERS = ["@method", "@authority", "@path", "content-type", "content-digest",
                  "exchange-from", "exchange-to", "exchange-id", "exchange-ticket"]
REPLY_COVERS = ['"@status"', '"content-type"', '"content-digest"', '"@method";req', '"@authority";req', '"@path";req',
                '"content-digest";req', '"exchange-id";req', '"signature";req;key="madang"']


class Refused(Exception):
    """The reply is no answer."""


# ---- encodings

def b64(data):
    return base64.b64encode(data).decode()


def unb64url(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def canonical(value):
    """JSON in the form of RFC 8785; our names are ASCII and our numbers whole, so this is all of it."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def digest_header(data):
    return f"sha-256=:{b64(hashlib.sha256(data).digest())}:"


def moment(seconds):
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def uuid7(milliseconds):
    bits = milliseconds << 80 | 7 << 76 | int.from_bytes(os.urandom(2), "big") >> 4 << 64
    return str(uuid.UUID(int=bits | 2 << 62 | int.from_bytes(os.urandom(8), "big") >> 2))


# ---- HPKE base mode (RFC 9180): DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, ChaCha20-Poly1305

KEM = b"KEM" + (0x0020).to_bytes(2, "big")
SUITE = b"HPKE" + b"".join(number.to_bytes(2, "big") for number in (0x0020, 0x0001, 0x0003))


def extract(salt, secret):
    return hmac.digest(salt or bytes(32), secret, "sha256")


def expand(prk, info, length):
    out, block, counter = b"", b"", 1
    while len(out) < length:
        block = hmac.digest(prk, block + info + bytes([counter]), "sha256")
        out, counter = out + block, counter + 1
    return out[:length]


def labeled_extract(suite, salt, label, secret):
    return extract(salt, b"HPKE-v1" + suite + label + secret)


def labeled_expand(suite, prk, label, info, length):
    return expand(prk, length.to_bytes(2, "big") + b"HPKE-v1" + suite + label + info, length)


def raw(public):
    return public.public_bytes(Encoding.Raw, PublicFormat.Raw)


def derive_key_pair(ikm):
    prk = labeled_extract(KEM, b"", b"dkp_prk", ikm)
    return X25519PrivateKey.from_private_bytes(labeled_expand(KEM, prk, b"sk", b"", 32))


def key_schedule(dh, enc, receiver, info):
    """Key, nonce and exporter secret of both sides."""
    prk = labeled_extract(KEM, b"", b"eae_prk", dh)
    shared = labeled_expand(KEM, prk, b"shared_secret", enc + receiver, 32)
    context = (b"\x00" + labeled_extract(SUITE, b"", b"psk_id_hash", b"")
               + labeled_extract(SUITE, b"", b"info_hash", info))
    secret = labeled_extract(SUITE, shared, b"secret", b"")
    return (labeled_expand(SUITE, secret, b"key", context, 32),
            labeled_expand(SUITE, secret, b"base_nonce", context, 12),
            labeled_expand(SUITE, secret, b"exp", context, 32))


def reply_secret(exporter):
    return labeled_expand(SUITE, exporter, b"sec", b"madang-exchange-1 reply", 32)


def seal(receiver, info, plain, ikm):
    """Encapsulated key, ciphertext, and the secret for the reply."""
    ephemeral, peer = derive_key_pair(ikm), X25519PublicKey.from_public_bytes(receiver)
    enc = raw(ephemeral.public_key())
    key, nonce, exporter = key_schedule(ephemeral.exchange(peer), enc, receiver, info)
    return enc, ChaCha20Poly1305(key).encrypt(nonce, plain, b""), reply_secret(exporter)


def unseal(secret, info, enc, sealed):
    """What a gateway does; here for --check alone."""
    private = X25519PrivateKey.from_private_bytes(secret)
    dh = private.exchange(X25519PublicKey.from_public_bytes(enc))
    key, nonce, exporter = key_schedule(dh, enc, raw(private.public_key()), info)
    return ChaCha20Poly1305(key).decrypt(nonce, sealed, b""), reply_secret(exporter)


# ---- the message

def key_of(file, kind):
    return unb64url(file["key"][kind])


def subject_ref(key, kind, number):
    return hmac.digest(key, b"madang-subject-1\0" + kind.encode() + b"\0" + number.encode(), "sha256").hex()


def seal_info(verb, sender, receiver, request, key_id):
    return "\0".join(["madang-exchange-1 request", verb, sender, receiver, request, key_id]).encode()


def base_of(names, values, params):
    lines = [f"{name}: {value}" for name, value in zip(names, values, strict=True)]
    return "\n".join(lines + [f'"@signature-params": {params}']).encode()


def build(request, authority, keys, now, ikm=None, nonce=None):
    """Headers and body of a request, and what is needed to open its reply."""
    ticket, sign, to = request["ticket"], keys["sign"], keys["seal"]
    verb, sender, receiver = ticket["verb"], sign["owner"], to["owner"]
    info = seal_info(verb, sender, receiver, request["id"], to["id"])
    plain = json.dumps(request, ensure_ascii=False, separators=(",", ":")).encode()
    enc, sealed, secret = seal(key_of(to, "seal_public"), info, plain, ikm or os.urandom(32))
    body = bytes([1, len(to["id"])]) + to["id"].encode() + enc + sealed
    path = f"/exchange/v1/{verb}"
    headers = {"content-type": SEALED, "content-digest": digest_header(body), "exchange-from": sender,
               "exchange-to": receiver, "exchange-id": request["id"],
               "exchange-ticket": digest_header(canonical(ticket))}
    covers = " ".join(f'"{name}"' for name in REQUEST_COVERS)
    nonce = base64.urlsafe_b64encode(nonce or os.urandom(16)).decode().rstrip("=")
    params = (f'({covers});created={now};expires={now + 60};nonce="{nonce}";keyid="{sign["id"]}";'
              'tag="madang-request-1"')
    derived = {"@method": "POST", "@authority": authority, "@path": path}
    values = [derived.get(name) or headers[name] for name in REQUEST_COVERS]
    base = base_of([f'"{name}"' for name in REQUEST_COVERS], values, params)
    signature = f":{b64(Ed25519PrivateKey.from_private_bytes(key_of(sign, 'sign_secret')).sign(base))}:"
    headers["signature-input"], headers["signature"] = f"madang={params}", f"madang={signature}"
    return {"path": path, "headers": headers, "body": body, "authority": authority, "base": base,
            "signature": signature, "enc": enc, "secret": secret, "id": request["id"]}


def verify_reply(sent, status, headers, body, key, now):
    """Checks the signature of a reply, and that it answers this request."""
    form = (r'madang=(\(' + re.escape(" ".join(REPLY_COVERS)) + r'\);created=(\d+);expires=(\d+);keyid="([a-z0-9-]+)";'
            r'tag="madang-reply-1")')
    found = re.fullmatch(form, headers.get("signature-input", ""))
    signature = re.fullmatch(r"madang=:([A-Za-z0-9+/]+={0,2}):", headers.get("signature", ""))
    if not found or not signature:
        raise Refused("the reply is not signed, or not as it should be")
    params, created, expires, key_id = found[1], int(found[2]), int(found[3]), found[4]
    if not created - 10 <= now < expires + 10 or not created < expires <= created + 60 or key_id != key["id"]:
        raise Refused("the reply is out of time, or signed with another key")
    if headers.get("content-digest") != digest_header(body):
        raise Refused("the body is not the one that was signed")
    asked = sent["headers"]
    values = [status, headers.get("content-type"), headers["content-digest"], "POST", sent["authority"], sent["path"],
              asked["content-digest"], asked["exchange-id"], sent["signature"]]
    try:
        public = Ed25519PublicKey.from_public_bytes(key_of(key, "sign_public"))
        public.verify(base64.b64decode(signature[1]), base_of(REPLY_COVERS, values, params))
    except InvalidSignature:
        raise Refused("the reply's signature is not good") from None


def open_reply(sent, status, headers, body, key, now):
    """The JSON of a reply."""
    verify_reply(sent, status, headers, body, key, now)
    if headers["content-type"] == OPEN_REFUSAL:
        return {"request": sent["id"], "reply": {"refused": {"code": json.loads(body)["refused"]}}}
    if status != 200 or headers["content-type"] != SEALED or len(body) < 49 or body[0] != 1:
        raise Refused("not a sealed reply")
    prk = extract(sent["enc"] + body[1:33], sent["secret"])
    try:
        plain = ChaCha20Poly1305(expand(prk, b"key", 32)).decrypt(expand(prk, b"nonce", 12), body[33:], b"")
    except InvalidTag:
        raise Refused("the seal is broken") from None
    reply = json.loads(plain)
    if reply["request"] != sent["id"]:
        raise Refused("a reply to another request")
    return reply


# ---- commands

def post(url, sent):
    parts = urllib.parse.urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.netloc, timeout=30)
    connection.request("POST", sent["path"], sent["body"], sent["headers"])
    response = connection.getresponse()
    headers = {name.lower(): value for name, value in response.getheaders()}
    return response.status, headers, response.read(1024 * 1024 + 1)


def pull(args):
    def load(path):
        with open(path, encoding="utf-8") as file:
            return json.load(file)

    keys = {"sign": load(args.sign_key), "seal": load(args.seal_key)}
    now = int(time.time())
    if args.consent:
        ground = {"consent": {"id": args.consent, "given": args.consent_given or moment(now)}}
    else:
        law, _, article = args.statute.rpartition(" ")
        ground = {"statute": {"law": law, "article": article}}
    ticket = {
        "id": uuid7(now * 1000), "client": keys["sign"]["owner"], "actor": {"system": {}},
        "subject": subject_ref(key_of(load(args.subject_key), "subject"), "person", args.number), "case": args.case,
        "verb": "pull", "kind": args.kind, "items": sorted(args.item), "purpose": args.purpose, "ground": ground,
        "issued": moment(now), "expires": moment(now + 600),
    }
    request = {"id": uuid7(now * 1000), "ticket": ticket,
               "target": {"person": {"number": args.number, "name": args.name}},
               "ask": {"pull": {"page": {"limit": args.limit}}}}
    sent = build(request, urllib.parse.urlsplit(args.url).netloc, keys, now)
    status, headers, body = post(args.url, sent)
    reply = open_reply(sent, status, headers, body, load(args.verify_key), int(time.time()))
    print(json.dumps(reply, ensure_ascii=False, indent=1))


def check(path):
    """Holds this file against vectors that another implementation made."""
    with open(path, encoding="utf-8") as file:
        vector = json.load(file)
    keys = {next(iter(file["key"])) + "/" + file["owner"]: file for file in vector["keys"]}
    target, ticket, now = vector["target"], vector["ticket"], vector["now"]
    subject = subject_ref(key_of(keys["subject/nts"], "subject"), "person", target["number"])
    assert subject == ticket["subject"], "subject"
    assert hashlib.sha256(canonical(ticket)).hexdigest() == vector["ticket_digest"], "ticket digest"

    body = base64.b64decode(vector["request"]["body"])
    key_id = body[2:2 + body[1]].decode()
    enc, sealed = body[2 + body[1]:34 + body[1]], body[34 + body[1]:]
    info = seal_info("pull", "madang", "nts", vector["request_id"], key_id)
    plain, _ = unseal(key_of(keys["seal_secret/nts"], "seal_secret"), info, enc, sealed)
    request = json.loads(plain)
    assert request["ticket"] == ticket and request["target"] == {"person": target}, "the sealed request"

    used = {"sign": keys["sign_secret/madang"], "seal": keys["seal_public/nts"]}
    sent = build(request, "gateway.nts.example", used, now, base64.b64decode(vector["ephemeral_ikm"]),
                 base64.b64decode(vector["nonce"]))
    assert sent["body"] == body, "body"
    assert sent["base"].decode() == vector["signature_base"], "signature base"
    assert sent["headers"] == vector["request"]["headers"], "headers"

    reply, answered = vector["reply"], base64.b64decode(vector["reply"]["body"])
    key = keys["sign_public/nts"]
    assert open_reply(sent, 200, reply["headers"], answered, key, now) == vector["reply_inside"], "reply"
    for place in range(len(answered)):
        spoilt = answered[:place] + bytes([answered[place] ^ 1]) + answered[place + 1:]
        try:
            open_reply(sent, 200, reply["headers"], spoilt, key, now)
        except Refused:
            continue
        raise AssertionError(f"a reply with byte {place} changed was taken")
    print("ok")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--check", metavar="VECTORS", help="only check this file against vectors")
    commands = parser.add_subparsers(dest="command")
    command = commands.add_parser("pull", help="pull items of a record about a person")
    for name in ("url", "sign-key", "seal-key", "verify-key", "subject-key", "number", "name", "kind", "purpose", "case"):
        command.add_argument(f"--{name}", required=True)
    command.add_argument("--item", action="append", required=True, help="once for each item")
    ground = command.add_mutually_exclusive_group(required=True)
    ground.add_argument("--consent", help="the id of the consent")
    ground.add_argument("--statute", help="law and article, such as '국세기본법 81-13'")
    command.add_argument("--consent-given", metavar="INSTANT")
    command.add_argument("--limit", type=int, default=100)
    args = parser.parse_args()
    if args.check:
        return check(args.check)
    if args.command != "pull":
        parser.error("say pull or --check")
    return pull(args)


if __name__ == "__main__":
    try:
        main()
    except Refused as refused:
        sys.exit(f"refused: {refused}")
