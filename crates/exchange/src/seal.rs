//! Sealing: HPKE in base mode (RFC 9180) with DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, ChaCha20-Poly1305.
//!
//! A request is sealed to the receiver's key. Its context (verb, sender, receiver, request id, key) goes into `info`,
//! so that a body opens in no other context. The reply is sealed with a secret exported from the request's context, as
//! in RFC 9458, section 4.4: it opens for nobody but who sealed this very request, and costs no further key agreement.

mod keys;
#[cfg(test)]
mod vectors;

use std::convert::Infallible;

use chacha20poly1305::{ChaCha20Poly1305, KeyInit as _, aead::Aead as _};
use chrono::{DateTime, Utc};
use domain::{id::Chance, service::AgencyId};
use hkdf::Hkdf;
use hpke::{
    Deserializable, OpModeR, OpModeS, Serializable,
    aead::ChaCha20Poly1305 as Aead,
    kdf::HkdfSha256,
    kem::X25519HkdfSha256,
    rand_core::{TryCryptoRng, TryRng},
};
use sha2::Sha256;
use zeroize::Zeroizing;

pub use keys::{Named, SealingKey, SealingKeys, SealingPublic};

use crate::{
    ids::{KeyId, RequestId},
    refusal::{Refusal, Refused},
    verb::Verb,
};

type Kem = X25519HkdfSha256;
type Private = <Kem as hpke::Kem>::PrivateKey;
type Public = <Kem as hpke::Kem>::PublicKey;
type Encapped = <Kem as hpke::Kem>::EncappedKey;

/// The first byte of every sealed body.
const VERSION: u8 = 1;
/// The length of an encapsulated key (RFC 9180, section 7.1), and of the nonce of a reply: max(Nn, Nk).
const ENC: usize = 32;
/// What is exported from a request's context for its reply.
const EXPORT: &[u8] = b"madang-exchange-1 reply";

/// What a sealed request belongs to.
pub(crate) struct Context<'a> {
    pub verb: Verb,
    pub from: &'a AgencyId,
    pub to: &'a AgencyId,
    pub request: RequestId,
}

impl Context<'_> {
    // No part can contain a zero byte, so no two contexts have the same bytes.
    fn info(&self, key: &KeyId) -> Vec<u8> {
        format!(
            "madang-exchange-1 request\0{}\0{}\0{}\0{}\0{key}",
            self.verb, self.from, self.to, self.request
        )
        .into_bytes()
    }
}

/// Seals the JSON of a request. Gives the body, and what opens the reply.
pub(crate) fn seal_request(
    to: &SealingPublic,
    context: &Context<'_>,
    json: &[u8],
    chance: &dyn Chance,
) -> Result<(Vec<u8>, ReplyKey), Refused> {
    let failed = |_| Refusal::BadSeal.because("the receiver's key cannot be sealed to");
    let (enc, mut sender) = hpke::setup_sender_with_rng::<Aead, HkdfSha256, Kem>(
        &OpModeS::Base,
        &to.key,
        &context.info(to.id()),
        &mut Given(chance),
    )
    .map_err(failed)?;
    let enc: [u8; ENC] = enc.to_bytes().into();
    let mut secret = Zeroizing::new([0; 32]);
    sender.export(EXPORT, &mut *secret).map_err(failed)?;
    let sealed = sender.seal(json, &[]).map_err(failed)?;
    let id = to.id().as_str();
    // Ids have at most 60 characters.
    let length =
        u8::try_from(id.len()).map_err(|_| Refusal::Malformed.because("a key's name is too long"))?;
    Ok(([&[VERSION, length], id.as_bytes(), &enc, &sealed].concat(), ReplyKey { secret, enc }))
}

/// Opens the body of a request. Gives its JSON, and what seals the reply.
pub(crate) fn open_request(
    keys: &SealingKeys,
    context: &Context<'_>,
    body: &[u8],
    now: DateTime<Utc>,
) -> Result<(Zeroizing<Vec<u8>>, ReplyKey), Refused> {
    let short = Refusal::Malformed.because("a body without its parts");
    let (version, rest) = body.split_first().ok_or(short)?;
    if *version != VERSION {
        return Err(Refusal::UnsupportedVersion.because("a body of another version"));
    }
    let (length, rest) = rest.split_first().ok_or(short)?;
    let (id, rest) = rest.split_at_checked(usize::from(*length)).ok_or(short)?;
    let (enc, sealed) = rest.split_first_chunk::<ENC>().ok_or(short)?;
    let id: KeyId = std::str::from_utf8(id).ok().and_then(|id| id.parse().ok()).ok_or(short)?;
    let key = keys.find(&id, now)?;
    let failed = |_| Refused::from(Refusal::BadSeal);
    let encapped = Encapped::from_bytes(enc).map_err(failed)?;
    let mut receiver = hpke::setup_receiver::<Aead, HkdfSha256, Kem>(
        &OpModeR::Base,
        &key.secret,
        &encapped,
        &context.info(&id),
    )
    .map_err(failed)?;
    let json = Zeroizing::new(receiver.open(sealed, &[]).map_err(failed)?);
    let mut secret = Zeroizing::new([0; 32]);
    receiver.export(EXPORT, &mut *secret).map_err(failed)?;
    Ok((json, ReplyKey { secret, enc: *enc }))
}

/// What seals and opens the replies to one request; both sides have the same.
pub(crate) struct ReplyKey {
    secret: Zeroizing<[u8; 32]>,
    enc: [u8; ENC],
}

impl ReplyKey {
    /// Seals the JSON of a reply.
    pub fn seal(&self, json: &[u8], chance: &dyn Chance) -> Result<Vec<u8>, Refused> {
        let mut fresh = [0; 32];
        chance.fill(&mut fresh);
        let (cipher, nonce) = self.derive(&fresh)?;
        let sealed = cipher
            .encrypt(&nonce.into(), json)
            .map_err(|_| Refusal::TooLarge.because("a reply that cannot be sealed"))?;
        Ok([&[VERSION], fresh.as_slice(), &sealed].concat())
    }

    /// Opens the body of a reply.
    pub fn open(&self, body: &[u8]) -> Result<Zeroizing<Vec<u8>>, Refused> {
        let short = Refusal::Malformed.because("a body without its parts");
        let (version, rest) = body.split_first().ok_or(short)?;
        if *version != VERSION {
            return Err(Refusal::UnsupportedVersion.because("a body of another version"));
        }
        let (fresh, sealed) = rest.split_first_chunk::<32>().ok_or(short)?;
        let (cipher, nonce) = self.derive(fresh)?;
        cipher.decrypt(&nonce.into(), sealed).map(Zeroizing::new).map_err(|_| Refusal::BadSeal.into())
    }

    // RFC 9458, section 4.4. The fresh bytes make every reply's key its own, should one request be answered twice.
    fn derive(&self, fresh: &[u8; 32]) -> Result<(ChaCha20Poly1305, [u8; 12]), Refused> {
        let salt = [self.enc.as_slice(), fresh].concat();
        let hkdf = Hkdf::<Sha256>::new(Some(&salt), &*self.secret);
        let (mut key, mut nonce) = (Zeroizing::new([0; 32]), [0; 12]);
        hkdf.expand(b"key", &mut *key)
            .and_then(|()| hkdf.expand(b"nonce", &mut nonce))
            .map_err(|_| Refusal::BadSeal.because("a key that cannot be derived"))?;
        let key: &[u8; 32] = &key;
        Ok((ChaCha20Poly1305::new(key.into()), nonce))
    }
}

/// Seals `plain` for once, without a reply: the encapsulated key, then the ciphertext.
pub(crate) fn seal_once(
    to: &SealingPublic,
    info: &[u8],
    plain: &[u8],
    chance: &dyn Chance,
) -> Result<Vec<u8>, Refused> {
    let failed = |_| Refusal::BadSeal.because("the receiver's key cannot be sealed to");
    let (enc, mut sender) = hpke::setup_sender_with_rng::<Aead, HkdfSha256, Kem>(
        &OpModeS::Base,
        &to.key,
        info,
        &mut Given(chance),
    )
    .map_err(failed)?;
    Ok([enc.to_bytes().as_slice(), &sender.seal(plain, &[]).map_err(failed)?].concat())
}

/// The inverse of [`seal_once`].
pub(crate) fn open_once(key: &SealingKey, info: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, Refused> {
    let failed = |_| Refused::from(Refusal::BadSeal);
    let (enc, sealed) =
        sealed.split_first_chunk::<ENC>().ok_or(Refusal::Malformed.because("a body without its parts"))?;
    let enc = Encapped::from_bytes(enc).map_err(failed)?;
    hpke::setup_receiver::<Aead, HkdfSha256, Kem>(&OpModeR::Base, &key.secret, &enc, info)
        .and_then(|mut receiver| receiver.open(sealed, &[]))
        .map(Zeroizing::new)
        .map_err(failed)
}

/// Given random bytes, as the source that `hpke` wants.
struct Given<'a>(&'a dyn Chance);

impl TryRng for Given<'_> {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut bytes = [0; 4];
        self.0.fill(&mut bytes);
        Ok(u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut bytes = [0; 8];
        self.0.fill(&mut bytes);
        Ok(u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        self.0.fill(bytes);
        Ok(())
    }
}

impl TryCryptoRng for Given<'_> {}
