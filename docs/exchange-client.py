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
REFUSAL_COVERS = ['"@status"', '"content-type"', '"content-digest"', '"@method";req', '"@authority";req', '"@path";req',
                '"content-digest";req', '"exchange-id";req', '"signature";req;key="madang"']
REPLY_COVERS = REFUSAL_COVERS[:3] + ['"exchange-outcome"'] + REFUSAL_COVERS[3:]
REPLY_BYTES, DEPTH, VALUES, STRING_BYTES, NAME_BYTES, WHOLE = 1024 * 1024, 10, 100_000, 16 * 1024, 64, 2 ** 53 - 1
PARAMETERS = {"created": r"[1-9][0-9]*", "expires": r"[1-9][0-9]*", "keyid": r'"[a-z0-9-]+"', "tag": r'"madang-reply-1"'}
CODES = """too_large unsupported_version malformed unsigned wrong_receiver expired not_yet_valid unknown_key bad_digest
bad_signature replayed bad_seal unknown_client no_ticket ticket_expired ticket_mismatch kind_not_granted verb_not_granted
item_not_granted purpose_not_granted no_ground consent_withdrawn id_taken rate_limited""".split()


class Refused(Exception):
    """The reply is no answer."""


# ---- encodings

def b64(data):
    return base64.b64encode(data).decode()


def unb64(text):
    """Standard base64, in its one form."""
    data = base64.b64decode(text, validate=True)
    if b64(data) != text:
        raise ValueError("base64 in another form")
    return data


def unb64url(text):
    data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if base64.urlsafe_b64encode(data).decode().rstrip("=") != text:
        raise ValueError("base64url in another form")
    return data


def canonical(value):
    """JSON in the form of RFC 8785; our names are ASCII and our numbers whole, so this is all of it."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def demand(good, what):
    if not good:
        raise Refused(what)


def strict(data, most):
    """JSON as docs/exchange.md has it: what two readers could understand differently is refused."""
    demand(len(data) <= most, "the JSON text is too long")

    def whole(text):
        demand(text != "-0" and abs(int(text)) <= WHOLE, "a number that loses precision")
        return int(text)

    def fields(pairs):
        demand(len({name for name, _ in pairs}) == len(pairs), "a duplicate name")
        return dict(pairs)

    def none(_):
        raise Refused("neither fractions nor NaN")

    try:
        value = json.loads(data.decode(), parse_int=whole, parse_float=none, parse_constant=none,
                           object_pairs_hook=fields)
        walk(value, DEPTH, [VALUES])
    except (ValueError, RecursionError):
        raise Refused("not JSON of the strict kind") from None
    return value


def walk(value, depth, left):
    left[0] -= 1
    demand(value is not None and depth >= 0 and left[0] >= 0, "null, or too deep, or too many values")
    if isinstance(value, str):
        demand(len(value.encode()) <= STRING_BYTES, "a string is too long")
    elif isinstance(value, dict):
        demand(all(len(name.encode()) <= NAME_BYTES for name in value), "a name is too long")
        for inner in value.values():
            walk(inner, depth - 1, left)
    elif isinstance(value, list):
        for inner in value:
            walk(inner, depth - 1, left)


def strict_canonical(data, most):
    value = strict(data, most)
    demand(canonical(value) == data, "JSON that is not canonical")
    return value


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
    in_force(sign, ticket["client"], now)
    in_force(to, receiver, now)
    plain = canonical(request)
    walk(request, DEPTH, [VALUES])
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
    demand(len(body) <= 64 * 1024, "the request is too large to be sent")
    return {"path": path, "headers": headers, "body": body, "authority": authority, "base": base, "request": request,
            "signature": signature, "enc": enc, "secret": secret, "id": request["id"]}


# ---- what a reply may say

def has(value, needed, optional=()):
    """Whether this is an object with these fields and no others."""
    return isinstance(value, dict) and set(needed) <= set(value) <= set(needed) | set(optional)


def text_of(value, most=4000):
    plain = re.compile(r"[^\x00-\x08\x0b-\x1f\x7f-\x9f]*")
    return isinstance(value, str) and len(value) <= most and plain.fullmatch(value) is not None


def is_day(value):
    try:
        return isinstance(value, str) and datetime.date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def is_instant(value):
    try:
        form = "%Y-%m-%dT%H:%M:%SZ"
        read = datetime.datetime.strptime(value, form).replace(tzinfo=datetime.timezone.utc)
        return read.year >= 1970 and moment(read.timestamp()) == value
    except (TypeError, ValueError):
        return False


def is_whole(value):
    return isinstance(value, int) and not isinstance(value, bool)


DECIMAL = re.compile(r"(?!-0(\.0+)?$)-?(0|[1-9][0-9]{0,19})(\.[0-9]{1,10})?", re.ASCII)
VALUE = {
    "text": text_of,
    "date": is_day,
    "money": lambda value: is_whole(value) and value >= 0,
    "yes_no": lambda value: isinstance(value, bool),
    "integer": is_whole,
    "decimal": lambda value: isinstance(value, str) and DECIMAL.fullmatch(value) is not None,
    "list": lambda value: isinstance(value, list) and len(value) <= 1000 and all(map(text_of, value)),
}


def check_record(record, items):
    demand(isinstance(record, dict) and set(record) <= set(items), "an item that was not asked for")
    for value in record.values():
        demand(isinstance(value, dict) and len(value) == 1, "not a value")
        (kind, inner), = value.items()
        demand(kind in VALUE and VALUE[kind](inner), "a value of another form")


def check_reply(reply, request):
    """Whether this answers a pull, and gives no more than was asked for."""
    demand(isinstance(reply, dict) and len(reply) == 1, "not a reply")
    (name, said), = reply.items()
    if name == "found":
        demand(has(said, ("as_of", "records"), ("next",)) and is_instant(said["as_of"]), "not records")
        records, following = said["records"], said.get("next", "-")
        demand(isinstance(records, list) and len(records) <= request["ask"]["pull"]["page"]["limit"], "too many records")
        demand(isinstance(following, str) and re.fullmatch("[!-~]{1,200}", following), "not a page key")
        demand(records or "next" not in said, "an empty page is the last")
        for record in records:
            check_record(record, request["ticket"]["items"])
    elif name == "refused":
        demand(has(said, ("code",)) and said["code"] in CODES, "not a refusal")
    elif name == "unavailable":
        demand(has(said, ("retry_after",)) and is_whole(said["retry_after"]) and 1 <= said["retry_after"] <= 3600,
               "not a time to wait")
    else:
        demand(name == "not_found" and said == {}, "a reply of another verb")


def outcome_of(reply):
    """What is logged of a reply: no value of it."""
    (name, said), = reply.items()
    if name == "found":
        items = sorted({item for record in said["records"] for item in record})
        return {"found": {"records": len(said["records"]), "items": items}}
    return {name: said if name == "refused" else {}}


def exchange_of(sent, reply):
    request = sent["request"]
    return {"request": request["id"], "holder": sent["headers"]["exchange-to"], "ticket": request["ticket"],
            "outcome": outcome_of(reply)}


def read_reply(data, sent):
    """The JSON of a reply that was sealed."""
    reply = strict_canonical(data, REPLY_BYTES)
    demand(has(reply, ("request", "reply")) and reply["request"] == sent["id"], "a reply to another request")
    check_reply(reply["reply"], sent["request"])
    return reply


# ---- its signature and its seal

def parameters(text):
    """Those of a signature: each once, in any order, and no others."""
    found = {}
    for part in text.split(";"):
        name, _, value = part.partition("=")
        demand(name in PARAMETERS and name not in found and re.fullmatch(PARAMETERS[name], value), "other parameters")
        found[name] = value.strip('"')
    demand(len(found) == len(PARAMETERS), "a parameter is missing")
    return int(found["created"]), int(found["expires"]), found["keyid"]


def in_force(key, owner, now):
    demand(key["owner"] == owner and key["from"] <= moment(now) < key["until"], f"the key {key['id']} is not in force")


def verify_reply(sent, status, headers, body, key, now):
    """Checks the signature of a reply, and that it answers this request."""
    demand(len(body) <= REPLY_BYTES, "the reply is too large")
    sealed = headers.get("content-type") == SEALED
    demand(sealed or headers.get("content-type") == OPEN_REFUSAL, "a body of another type")
    covers = REPLY_COVERS if sealed else REFUSAL_COVERS
    given = headers.get("signature-input", "")
    begin = f"madang=({' '.join(covers)});"
    signature = re.fullmatch(r"madang=:([A-Za-z0-9+/]+={0,2}):", headers.get("signature", ""))
    demand(len(given) <= 1024 and given.startswith(begin) and signature, "the reply is not signed, or not as it should be")
    created, expires, key_id = parameters(given[len(begin):])
    demand(created - 10 <= now < expires + 10 and created < expires <= created + 60, "the reply is out of time")
    demand(key_id == key["id"], "the reply is signed with another key")
    in_force(key, sent["headers"]["exchange-to"], now)
    demand(headers.get("content-digest") == digest_header(body), "the body is not the one that was signed")
    asked, outcome = sent["headers"], [headers.get("exchange-outcome")] if sealed else []
    values = [status, headers["content-type"], headers["content-digest"], *outcome, "POST", sent["authority"],
              sent["path"], asked["content-digest"], asked["exchange-id"], sent["signature"]]
    try:
        public = Ed25519PublicKey.from_public_bytes(key_of(key, "sign_public"))
        public.verify(unb64(signature[1]), base_of(covers, values, given[len("madang="):]))
    except (InvalidSignature, ValueError):
        raise Refused("the reply's signature is not good") from None


def open_reply(sent, status, headers, body, key, now):
    """The JSON of a reply."""
    verify_reply(sent, status, headers, body, key, now)
    if headers["content-type"] == OPEN_REFUSAL:
        refused = strict_canonical(body, 100)
        demand(has(refused, ("refused",)) and refused["refused"] in CODES, "not a refusal")
        code = refused["refused"]
        statuses = {"too_large": 413, "rate_limited": 429, "malformed": 400, "unsupported_version": 400}
        demand(status == statuses.get(code, 403), "a refusal with another code's status")
        return {"request": sent["id"], "reply": {"refused": {"code": code}}}
    demand(status == 200 and len(body) >= 49 and body[0] == 1, "not a sealed reply")
    prk = extract(sent["enc"] + body[1:33], sent["secret"])
    try:
        plain = ChaCha20Poly1305(expand(prk, b"key", 32)).decrypt(expand(prk, b"nonce", 12), body[33:], b"")
    except InvalidTag:
        raise Refused("the seal is broken") from None
    reply = read_reply(plain, sent)
    told = digest_header(canonical(exchange_of(sent, reply["reply"])))
    demand(headers["exchange-outcome"] == told, "a reply with another outcome than was signed")
    return reply


# ---- commands

def post(url, sent):
    parts = urllib.parse.urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.netloc, timeout=30)
    connection.request("POST", sent["path"], sent["body"], sent["headers"])
    response = connection.getresponse()
    pairs = [(name.lower(), value) for name, value in response.getheaders()]
    headers = dict(pairs)
    demand(len(headers) == len(pairs), "a header stands there twice")
    return response.status, headers, response.read(REPLY_BYTES + 1)


def pull(args):
    def load(path):
        with open(path, "rb") as file:
            key = strict(file.read(), 4096)
        demand(has(key, ("owner", "id", "from", "until", "key")), "not a key file")
        return key

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
        "verb": "pull", "kind": args.kind, "items": sorted(set(args.item)), "purpose": args.purpose, "ground": ground,
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
    request = strict_canonical(plain, 64 * 1024)
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
    for name, spoilt in [(name, {**reply["headers"], name: value + " "}) for name, value in reply["headers"].items()]:
        try:
            open_reply(sent, 200, spoilt, answered, key, now)
        except Refused:
            continue
        raise AssertionError(f"a reply with another {name} was taken")
    assert read_reply(canonical(vector["reply_inside"]), sent) == vector["reply_inside"], "the reply's form"
    for text in vector["refused_replies"]:
        try:
            read_reply(text.encode(), sent)
        except Refused:
            continue
        raise AssertionError(f"taken as a reply: {text}")
    fingerprint = hmac.digest(key_of(keys["subject/nts"], "subject"), b"madang-request-1\0" + plain, "sha256").hex()
    assert fingerprint == vector["fingerprint"], "fingerprint"
    assert digest_header(canonical(exchange_of(sent, vector["reply_inside"]["reply"]))) == vector["outcome"], "outcome"
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
